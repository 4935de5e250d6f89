"""JupyterHub's server for one user, started as `course lab` starts JupyterLab."""

from course_utils.delivery.lab import leave_yarn_alone

if __name__ == "__main__":
    from jupyterhub.singleuser import main

    leave_yarn_alone()
    main()
