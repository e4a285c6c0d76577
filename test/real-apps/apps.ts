import type { RealApp } from "./app";
import { activepieces } from "./apps/activepieces";
import { aiChatbot } from "./apps/ai-chatbot";
import { appflowy } from "./apps/appflowy";
import { budibase } from "./apps/budibase";
import { calCom } from "./apps/cal-com";
import { chatwoot } from "./apps/chatwoot";
import { dify } from "./apps/dify";
import { directus } from "./apps/directus";
import { documenso } from "./apps/documenso";
import { dub } from "./apps/dub";
import { firefly } from "./apps/firefly";
import { formbricks } from "./apps/formbricks";
import { fullStackFastapi } from "./apps/full-stack-fastapi";
import { healthchecks } from "./apps/healthchecks";
import { hoppscotch } from "./apps/hoppscotch";
import { immich } from "./apps/immich";
import { infisical } from "./apps/infisical";
import { librechat } from "./apps/librechat";
import { linkwarden } from "./apps/linkwarden";
import { mastodon } from "./apps/mastodon";
import { medusa } from "./apps/medusa";
import { monica } from "./apps/monica";
import { n8n } from "./apps/n8n";
import { nestBoilerplate } from "./apps/nest-boilerplate";
import { netbox } from "./apps/netbox";
import { nextBoilerplate } from "./apps/next-boilerplate";
import { outline } from "./apps/outline";
import { papermark } from "./apps/papermark";
import { payload } from "./apps/payload";
import { plane } from "./apps/plane";
import { rallly } from "./apps/rallly";
import { supabase } from "./apps/supabase";
import { triggerDev } from "./apps/trigger-dev";
import { twenty } from "./apps/twenty";
import { typebot } from "./apps/typebot";

/** First those that the library was designed with, then those that were held out. */
export const apps: readonly RealApp[] = [
  calCom,
  outline,
  documenso,
  formbricks,
  triggerDev,
  infisical,
  dub,
  hoppscotch,
  fullStackFastapi,
  typebot,
  supabase,
  activepieces,
  rallly,
  medusa,
  aiChatbot,
  healthchecks,
  directus,
  linkwarden,
  payload,
  nextBoilerplate,
  n8n,
  budibase,
  nestBoilerplate,
  chatwoot,
  mastodon,
  plane,
  twenty,
  librechat,
  dify,
  monica,
  firefly,
  immich,
  appflowy,
  papermark,
  netbox,
];
