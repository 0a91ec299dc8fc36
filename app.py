"""The app, with what stands before it. Started by `whichteam app`. The wheel has a copy of it (`tools/packing.py`)."""

import streamlit as st
from starlette.middleware import Middleware

from explain.app.local_only import LocalOnly
from explain.app.settings import SCRIPT

app = st.App(SCRIPT, middleware=[Middleware(LocalOnly)])
