from django.test import TestCase

from album.models import Photo


class PhotosTest(TestCase):
    def test_lists_the_titles_in_order(self):
        for title in ("the harbour", "the mill"):
            Photo.objects.create(title=title, file=f"photos/{title}.jpg")
        found = self.client.get("/photos").json()["photos"]
        self.assertEqual([photo["title"] for photo in found], ["the harbour", "the mill"])

    def test_refuses_a_photo_without_a_file(self):
        self.assertEqual(self.client.post("/photos", {"title": "nothing"}).status_code, 400)
