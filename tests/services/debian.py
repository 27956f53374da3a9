"""Debian's packages of the services, where this machine lets us install them."""

import os
import shutil
import subprocess

from tests.services.processes import Unavailable

# policy-rc.d keeps the packages from starting services of their own beside the throwaway ones.
INSTALL = """
set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get -q -o DPkg::Lock::Timeout=120 update
apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$1"
"""


def install(package: str) -> None:
    """Install a package with apt-get as root or through sudo without a password.

    Raises:
        Unavailable: not allowed here, or apt-get failed.
    """
    if not shutil.which("apt-get"):
        raise Unavailable(f"not installed; where there is no apt-get, install {package} by hand")
    done = subprocess.run(
        [*_as_root(package), "sh", "-c", INSTALL, "sh", package],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode:
        complaints = [line for line in done.stdout.splitlines() if line.startswith("E:")]
        raise Unavailable(f"apt-get could not install it: {' '.join(complaints) or done.stdout[-300:].strip()}")


def _as_root(package: str) -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    raise Unavailable(f"not installed, and only root may do that: apt install {package}")
