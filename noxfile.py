"""Every check on every Python: ``nox``; one of them: ``nox -s tests-3.13``."""

from __future__ import annotations

import nox

PYTHONS = ["3.11", "3.12", "3.13"]
nox.options.reuse_existing_virtualenvs = True


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the suite; arguments after ``--`` go to pytest."""
    session.install("--editable", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session(python=PYTHONS[0])
def lint(session: nox.Session) -> None:
    """Check style, layers, types and generated docs."""
    session.install("--editable", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")
    session.run("python", "scripts/check_cycles.py")
    session.run("python", "scripts/check_names.py")
    session.run("mypy")
    session.run("python", "scripts/update_docs.py", "--check")


@nox.session(python=PYTHONS)
def wheel(session: nox.Session) -> None:
    """Build the wheel and do the main job from it alone."""
    session.install("build")
    built = session.create_tmp()
    session.run("python", "-m", "build", "--wheel", "--outdir", built, ".")
    session.run("sh", "-c", f"sh scripts/check_wheel.sh {built}/*.whl {built}/venv", external=True)


@nox.session(python=PYTHONS[0], default=False)
def agents(session: nox.Session) -> None:
    """Hold handoff to its promises with the agents' own tools; arguments after ``--`` name some of them."""
    session.install("--editable", ".")
    session.run("python", "scripts/agents/check.py", *session.posargs)
