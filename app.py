"""The app, with what stands before it. Started by `whichteam app`."""

import streamlit as st
from starlette.middleware import Middleware

from explain.app.local_only import LocalOnly

app = st.App("explain/app/main.py", middleware=[Middleware(LocalOnly)])
