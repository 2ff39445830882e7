"""Regrain: the home page, and the server, which also takes answers and gives images. ``streamlit run app.py``."""

import streamlit as st

from curation.ui import sign_in
from curation.ui.answers_route import answers_route
from curation.ui.downloads import download_route
from curation.ui.home import home
from curation.ui.images import image_route
from curation.ui.items_route import items_route
from curation.ui.live_route import live_route
from curation.ui.opened import downloads, holding, image_server, live_rank, opened

app = st.App(
    "app.py",
    lifespan=holding,
    secrets=sign_in.secrets_or_exit(),
    routes=[
        image_route(image_server),
        answers_route(opened),
        live_route(live_rank),
        items_route(opened),
        download_route(downloads),
    ],
)

if __name__ == "__main__":
    home()
