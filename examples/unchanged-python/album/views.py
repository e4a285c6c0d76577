from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods

from album.models import Photo


@require_http_methods(["GET", "POST"])
def photos(request):
    if request.method == "GET":
        return JsonResponse({"photos": list(Photo.objects.order_by("id").values("id", "title"))})
    title, file = request.POST.get("title", "").strip(), request.FILES.get("file")
    if not title or len(title) > 200 or file is None:
        return JsonResponse({"error": "a photo has a title of 1 to 200 letters and a file"}, status=400)
    added = Photo.objects.create(title=title, file=file)
    return JsonResponse({"id": added.id, "title": added.title}, status=201)


@require_GET
def photo(request, number):
    """Redirects to the file in the bucket, with a signature that expires."""
    return HttpResponseRedirect(get_object_or_404(Photo, id=number).file.url)
