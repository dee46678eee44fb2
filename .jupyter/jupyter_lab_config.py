# Settings of `make lab`. Without make: JUPYTER_CONFIG_PATH=.jupyter jupyter lab
#
# Beside this file: labconfig/ shows Markdown rendered and hides nbgrader's menus, and
# jupyter_server_config.json leaves out its server parts: they are for instructors, in the folder
# that `make course` stages.
from pathlib import Path

c = get_config()  # noqa: F821 - Jupyter defines it
course = Path(__file__).resolve().parent.parent

c.ServerApp.root_dir = str(course)
c.LabApp.default_url = "/lab/tree/README.md"
# The course keeps its own open tabs: those of other projects would cover the front page.
c.LabApp.workspaces_dir = str(course / ".jupyter/lab/workspaces")
# Containers run as root. The server still listens on this machine only and asks for its token.
c.ServerApp.allow_root = True

# No call home: no news, no look for updates, no extension catalogue.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
