"""Read before the settings are: a folder of this run's own, and no mail server."""

import os
import tempfile

os.environ.setdefault("TUTTI_VAR", tempfile.mkdtemp(prefix="tutti-test-"))
os.environ["EMAIL_URL"] = ""
os.environ["SITE_URL"] = "http://localhost:8000"
