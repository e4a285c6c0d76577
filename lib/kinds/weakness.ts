/** For each letter, those that often follow it. Covers 9 of 10 letter pairs in English words, and 3 of 10 in random text. */
const FOLLOWERS =
  "abcdgilmnprstuv baeiloru caehiklortu dadeilosu eacdefglmnprstvxy faefilo gehilnr haeio iabcdefglmnoprstvz js kei ladeilostuy maeimop nacdegikost obcdglmnoprstuvw paeiloprtu qu racdegikmnorstuy sacehilopstu tacehiorstuy uabceilmnprst vaei waeio xp yeo ze";

/** Marks a value as an example, whatever surrounds it: `AKIAIOSFODNN7EXAMPLE`, `sk-xxxxxxxx`, `https://<key>@sentry.io`. */
const MASK = /EXAMPLE|([xX*#?])\1{5}|:\/\/.*[<>]/s;

/** Words that name a secret or ask for one. */
const NAMES = /\b(?:keys?\b|tokens?\b|pass\b|passw|passphrase|chang(?:e|ing)|replac|generat|insert|placeholder|example)|secret/;

/** Words of a sentence, which random words rarely contain. */
const SENTENCE =
  /\b(?:an?|the|of|to|in|at|by|for|from|with|and|or|not|is|be|it|this|that|your|my|our|some|any|here|do|add|put|get|set|use|enter|random|string)\b/g;

/** The number of words in a passphrase that is still easy to guess. */
const FEW = 3;

/** Number of characters that are judged. */
const LONGEST = 200;

/**
 * Whether a secret is an example or easy to guess: `changeme`, `your-api-key`, `<token>`, `sk-proj-xxxxxxxx`, `postgres`, `s3cr3t`,
 * `a1b2c3d4`. Judged by form: only a few words, a sentence or the name of a secret, with hardly anything random beside them.
 */
export const isPlaceholder = (value: string): boolean => {
  const text = value.trim().slice(0, LONGEST);
  if (MASK.test(text) || isRegular(text)) return true;
  // Only part of a URL is secret, and an email address is not a secret.
  if (/^[\w+.-]+:\/\/|^\S+@\S+\.\w+$/.test(text)) return false;
  const words = text.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [];
  const phrase = words.join(" ").toLowerCase();
  const isNamed = NAMES.test(phrase);
  if (surprise(text) > limitOf(text, isNamed) && surprise(spelledOut(text)) > 6) return false;
  const count = words.reduce((sum, { length }) => sum + (length > 12 ? Math.round(length / 6) : 1), 0);
  return isNamed || count <= FEW || (phrase.match(SENTENCE)?.length ?? 0) > 1;
};

/** Why production rejects a login's password; completes a sentence. */
export const passwordWeaknesses = (username: string, password: string): readonly string[] => {
  if (password === "") return [];
  if (password === username) return ["has a password that is its user name"];
  return isPlaceholder(password) ? ["has a password that looks like a placeholder or is easy to guess"] : [];
};

/** Random characters allowed beside words: 5 beside the name of a secret, 2 in long text. */
const limitOf = (text: string, isNamed: boolean): number => {
  if (isNamed || text.length <= 8) return 14.5;
  return text.length < 14 ? 10 : 5;
};

/** Whether text repeats itself or counts: `aaaaaaaa`, `12341234`, `0123456789abcdef`, `a1b2c3`, `qwerty`. */
const isRegular = (text: string): boolean => {
  const plain = text.toLowerCase().replaceAll(/[\s_.-]/g, "");
  if (new Set(plain).size < 4 || /^(.{1,16}?)\1+$/s.test(plain) || "qwertyuiop asdfghjkl zxcvbnm".includes(plain)) return true;
  const runs = [plain.replaceAll(/\d/g, ""), plain.replaceAll(/\D/g, "")];
  const steps = runs.flatMap((run) => Array.from(run.slice(1), (next, index) => Math.abs(next.charCodeAt(0) - run.charCodeAt(index))));
  return steps.length > 2 && steps.filter((step) => step === 1).length >= 0.8 * steps.length;
};

/** How random text is: about 3 for each random character, below 0 for words. Ignores a number at the end. */
const surprise = (text: string): number => {
  const characters = Array.from(text.replace(/(?<=[a-z]{4}\W?)\d{1,4}\W*$/i, ""));
  return characters.reduce((sum, next, index) => sum + surpriseAt(characters[index - 1] ?? "", next) - 0.5, 0);
};

const surpriseAt = (last: string, next: string): number => {
  const pair = last + next;
  if (last === "" || last.toLowerCase() === next.toLowerCase() || /[\s_.:,;/-]/.test(pair)) return 0;
  if (/[<>()[\]{}]/.test(pair)) return 1;
  if (/\d\d/.test(pair)) return Math.abs(Number(last) - Number(next)) === 1 ? 0 : 5;
  if (/\d[a-z]/i.test(pair)) return 10;
  if (/[a-z][A-Z]/.test(pair)) return 4;
  const row = FOLLOWERS.split(" ").find(([first]) => first === last.toLowerCase());
  return row?.includes(next.toLowerCase(), 1) ? 0 : 5;
};

/** Short text with look-alike digits and signs replaced by letters: `s3cr3t`, `p@ssw0rd`. */
const spelledOut = (text: string): string =>
  text.length > 14 ? text : text.replaceAll(/[013457@$](?=.*[a-z])/gi, (sign) => "oieastas".charAt("013457@$".indexOf(sign)));
