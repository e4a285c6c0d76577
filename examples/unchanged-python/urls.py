from django.urls import path

from album import views

urlpatterns = [
    path("photos", views.photos),
    path("photos/<int:number>", views.photo),
]
