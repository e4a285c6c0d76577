from django.db import models


class Photo(models.Model):
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to="photos")
