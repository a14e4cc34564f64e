"""`make bench`: everything that design/speed.md sets a target for, as ratios of one run.

Seconds differ from machine to machine, ratios hardly. Nothing here passes or fails; the targets
stand beside the figures.
"""

import argparse
import tempfile
from pathlib import Path

from bench import floors, labels, requests, server, sync
from bench.house import House, build
from tests.postgres import running_server

CPU_TARGETS = {
    ("sqlite", "resolve (fragment)"): ("G1", 6.0),
    ("postgresql", "resolve (fragment)"): ("G2", 8.5),
    ("sqlite", "install"): ("G4", 12.5),
    ("postgresql", "install"): ("G4", 13.5),
}
SHARE_TARGETS = {
    ("sqlite", 1): ("G5", 15), ("sqlite", 8): ("G5", 18),
    ("postgresql", 1): ("G6", 28), ("postgresql", 8): ("G6", 50),
}  # fmt: skip


def main() -> None:
    """Measure on both databases and print the table."""
    chosen = argparse.ArgumentParser(prog="bench", description=__doc__)
    chosen.add_argument("only", nargs="*", choices=["cpu", "server", "sync", "labels", []],
                        help="what to measure (everything)")  # fmt: skip
    only = chosen.parse_args().only or ["cpu", "server", "sync", "labels"]
    p0_s, p1_s = floors.p0_s(), floors.p1_s()
    print(f"P0 plain route {p0_s * 1e6:.0f} us, P1 signed cookie {p1_s * 1e6:.0f} us of CPU")
    with tempfile.TemporaryDirectory() as folder, running_server() as postgresql:
        postgresql.create("bench")
        for kind, url in (
            ("sqlite", f"sqlite:///{folder}/bench.db"),
            ("postgresql", postgresql.url("bench")),
        ):
            house = build(kind, url, Path(folder))
            if "cpu" in only:
                _print_cpu(house, p0_s, p1_s)
            if "server" in only:
                _print_server(house, Path(folder))
            if "sync" in only:
                _print_sync(house)
    if "labels" in only:
        print(labels.main())


def _print_cpu(house: House, p0_s: float, p1_s: float) -> None:
    for name, used_s in requests.measure(house).items():
        goal, target = CPU_TARGETS.get((house.kind, name), ("", 0.0))
        beside = f"(target {target})" if goal else ""
        print(f"{goal:<3}  {house.kind:<10}  {name:<18}  {used_s * 1e6:6.0f} us"
              f" = {used_s / p0_s:5.1f} x P0 = {used_s / p1_s:5.1f} x P1  {beside}",
              flush=True)  # fmt: skip


def _print_server(house: House, folder: Path) -> None:
    installs_s, commits_s = floors.raw_rates(house.database_url, folder)
    print(
        f"     {house.kind:<10}  raw loop: {installs_s:.0f} installs/s, {commits_s:.0f} commits/s"
    )
    loads = server.measure(house)
    ping = loads["ping x 8"].server_cpu_us
    for name, load in loads.items():
        work, clients = name.split(" x ")
        more = ""
        if work == "resolve":
            more = f"G3 {load.server_cpu_us / ping:.1f} x ping (target 3.3)"
        if work == "install":
            goal, target = SHARE_TARGETS[house.kind, int(clients)]
            more = (
                f"{goal} {100 * load.per_s / installs_s:.0f} % of raw installs (target {target} %)"
            )
            more += f", {100 * load.per_s / commits_s:.0f} % of raw commits"
            more += f", G7 p99 {load.p99_ms / load.p50_ms:.1f} x p50 (target 3)"
        print(f"     {house.kind:<10}  {name:<12}  {load.per_s:6.0f}/s  p50 {load.p50_ms:6.2f} ms"
              f"  p99 {load.p99_ms:7.2f} ms  {load.server_cpu_us:5.0f} us CPU"
              f"  {load.errors} errors  {more}", flush=True)  # fmt: skip


def _print_sync(house: House) -> None:
    for name, told in sync.measure(house).items():
        print(f"     {house.kind:<10}  catalogue, {name:<11} {told.things:6} things"
              f"  {told.seconds:6.3f} s = {told.pings:5.0f} pings  {told.size / 1e3:6.1f} kB,"
              f" sent as {told.sent / 1e3:5.1f} kB", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
