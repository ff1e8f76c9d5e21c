"""Try it."""

from fastapi import APIRouter

router = APIRouter()
