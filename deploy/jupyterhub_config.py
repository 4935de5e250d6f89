"""The hub of a workshop on one machine. `course hub` starts it; docs/hub.md explains it.

All learners are one user of the machine: no walls between them. For a class that you know.
"""

from pathlib import Path

from course_utils.delivery.workshop import folder, limits, lti, proxy, server, spawner

c = get_config()  # noqa: F821 (JupyterHub defines it)
here = folder.HubFolder.chosen().open()
port = folder.port()

# The door. Only `port` is to be reached from outside; the next two are for the machine itself.
c.JupyterHub.bind_url = f"http://{folder.address()}:{port}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 1}"
c.JupyterHub.hub_ip, c.JupyterHub.hub_port = "127.0.0.1", port + 2
c.ConfigurableHTTPProxy.command = proxy.command()
c.ConfigurableHTTPProxy.pid_file = str(here.path / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{here.path / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(here.path / "cookie_secret")

# Who may come in: whoever knows the password of the class, under any name that is a folder's name.
c.JupyterHub.authenticator_class = "shared-password"
passwords = here.passwords()
c.SharedPasswordAuthenticator.user_password = passwords["class"]
c.SharedPasswordAuthenticator.admin_password = passwords[folder.TEACHER]
c.Authenticator.admin_users = {folder.TEACHER}
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = r"[a-z0-9][a-z0-9._-]{0,39}\Z"
c.JupyterHub.template_vars = {
    "announcement_login": "Choose a name of small letters and digits, such as ada or ada2, and "
    "keep to it. The password is the one of the class."
}

if lti.settings(here):  # or from a learning platform, without a password: docs/lti.md
    load_subconfig(str(Path(__file__).with_name("lti_config.py")))  # noqa: F821 (JupyterHub's)

# What a learner gets: a home and a workbook, open at lesson 00.
c.JupyterHub.spawner_class = spawner.LearnerSpawner
c.LearnerSpawner.home_dir_template = f"{here.learners}/{{username}}"
c.LearnerSpawner.first_port = port + 10  # and one more for each; for the machine itself
c.Spawner.cmd = server.COMMAND
c.Spawner.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.Spawner.environment = {
    "CAROUSEL_SUBMITTED": str(here.submitted),
    "MPLCONFIGDIR": str(here.fonts),
}

# All at once: starting a server takes seconds of a core, and a class starts them together.
c.Spawner.http_timeout = 120
c.Spawner.start_timeout = 180
c.JupyterHub.concurrent_spawn_limit = 0  # the machine, not the hub, makes learners wait

# No learner may starve the others. Sizes are those that lessons were measured to need.
c.Spawner.mem_limit = "3G"  # of one process; a notebook that imports Keras needs about half
c.LearnerSpawner.memory_of_all = "4G"  # of all that a learner has running
DISK = 2 * 10**9  # bytes of a learner's files; a workbook is 5 MB
c.LearnerSpawner.disk_limit = DISK
c.LearnerSpawner.niceness = 5  # the hub comes first
c.JupyterHub.active_server_limit = limits.most_servers()
c.Spawner.args = [
    "--KernelManager.transport=ipc",  # sockets in a private folder; ports can be taken twice
    "--ServerApp.kernel_manager_class=course_utils.delivery.workshop.kernels.FewKernels",
    "--FewKernels.most=3",
    f"--FewKernels.disk={DISK}",
    "--FewKernels.cull_idle_timeout=1800",  # seconds without work, once its page is closed
    "--FewKernels.cull_interval=300",
    "--TerminalManager.cull_inactive_timeout=1800",
    "--TerminalManager.cull_interval=300",
    "--ServerApp.shutdown_no_activity_timeout=7200",  # the server itself; it starts again by itself
]
