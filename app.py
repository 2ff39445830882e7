"""Regrain: the home page, and the server that also answers image addresses. ``streamlit run app.py``."""

import streamlit as st

from curation.ui.home import home
from curation.ui.images import image_route
from curation.ui.opened import holding, image_server

app = st.App("app.py", lifespan=holding, routes=[image_route(image_server)])

if __name__ == "__main__":
    home()
