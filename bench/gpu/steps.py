"""The steps of bench/gpu/run, what matters most first. A step that fails, or runs over its time, is recorded and stops nothing.

usage: steps.py KIT OUT WORK        KIT holds the programs, WORK is for files of ours; OUT/gpu.json is written anew after every step
"""
import datetime
import json
import os
import platform
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as xml

ALL_SECONDS = float(os.environ.get("SECONDS_IN_ALL", 460))  # beside unpacking, which is no step
DEVICE, QUICK = os.environ.get("DEVICE", "cuda"), bool(os.environ.get("QUICK"))
SHAPES = ["3,20,8,16"] if QUICK else ["100,64,128,256", "100,1,128,256", "20,512,32,64", "1000,8,64,128", "256,32,512,512"]
CELLS = ["lstm", "gru", "rnn"]


class Kit:
    def __init__(self, kit, out, work):
        self.kit, self.out, self.work = kit, out, work
        self.begin = time.monotonic()
        self.result = {
            "date": datetime.date.today().isoformat(), "commit": self.read("commit"), "device": DEVICE,
            "machine": {
                "processor": processor(), "cores": os.cpu_count(), "card": None, "driver": None, "python": platform.python_version(),
            },
            "steps": [], "devices": [], "check": None, "tests": None, "engine": [], "peers": [], "versions": None,
        }
        self.log = open(os.path.join(out, "gpu.log"), "w", encoding="utf-8")

    def read(self, name):
        try:
            with open(os.path.join(self.kit, name), encoding="utf-8") as file:
                return file.read().strip()
        except OSError:
            return "unknown"

    def run(self, name, limit, command, take, **environment):
        """Runs a command for so many seconds at most and hands what it wrote on standard output to `take`."""
        start = time.monotonic()
        limit = min(limit, ALL_SECONDS - (start - self.begin))
        outcome, text = "no time left", ""
        if limit > 1:
            outcome, text, said = self.call(command, limit, environment)
            self.log.write(f"== {name}: {' '.join(command)}\n{said}{text}\n-- {outcome}, {time.monotonic() - start:.1f} s\n\n")
            self.log.flush()
        try:
            take(text)
        except Exception as problem:  # whatever a program wrote, the other steps have their turn
            if outcome == "ok":
                outcome = f"failed: wrote what cannot be read ({type(problem).__name__}: {problem})"
        self.result["steps"].append(
            {"name": name, "outcome": outcome, "seconds": round(time.monotonic() - start, 2), "limit": round(limit, 1)})
        print(f"{name}: {outcome}", flush=True)
        self.save()

    def call(self, command, limit, environment):
        """What came of it, standard output, standard error. Over time, the whole group of processes is ended."""
        try:
            with open(os.path.join(self.work, "out"), "w+b") as out, open(os.path.join(self.work, "error"), "w+b") as error:
                process = subprocess.Popen(
                    command, cwd=self.work, stdin=subprocess.DEVNULL, stdout=out, stderr=error, start_new_session=True,
                    env={**os.environ, **environment})
                try:
                    code = process.wait(limit)
                except subprocess.TimeoutExpired:
                    code = None
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                text, said = (back(file) for file in (out, error))
        except OSError as problem:
            return f"failed: {problem}", "", ""
        if code == 0:
            return "ok", text, said
        last = (said.strip() or ("" if code is None else text.strip())).splitlines()[-1:]
        outcome = f"over its time of {limit:.0f} s" if code is None else f"failed with code {code}"
        return outcome + "".join(f": {line[:300]}" for line in last), text, said

    def save(self):
        part = os.path.join(self.out, "gpu.json.part")
        with open(part, "w", encoding="utf-8") as file:
            json.dump(self.result, file, indent=1)
        os.replace(part, os.path.join(self.out, "gpu.json"))

    # what steps hand over

    def devices(self, text):
        self.result["devices"] = json.loads(text)

    def check(self, text):
        """Of each case the worst tensor; all of them are in the log."""
        check = json.loads(text)
        for case in check["results"]:
            del case["tensors"]
        self.result["check"] = check

    def add_engine(self, text):
        self.result["engine"] += json.loads(text)

    def add_peers(self, text):
        """Line by line: of a step that was ended, the rows that it had."""
        for line in text.splitlines():
            row = json.loads(line)
            if "versions" in row:
                self.result["versions"] = row["versions"]
            else:
                self.result["peers"].append(row)

    def card(self, text):
        name, driver = text.splitlines()[0].split(",")
        self.result["machine"].update(card=name.strip(), driver=driver.strip())

    def tests(self, text):
        """From the program's own file; where it was ended before, from the lines that it wrote."""
        try:
            found = find(self.work, ".xml")
        except OSError:
            named = re.findall(r"^\s*(passed|failed|skipped) (.+?) \(\d", text, re.MULTILINE)
            if not named:
                raise
            count = {word: sum(w == word for w, _ in named) for word in ("passed", "failed", "skipped")}
            failures = [{"name": name, "message": ""} for word, name in named if word == "failed"]
            self.result["tests"] = {**count, "ended_early": True, "failures": failures}
            return
        cases = list(xml.parse(found).getroot().iter("test-case"))
        failed = [case for case in cases if case.get("result") == "Failed"]
        self.result["tests"] = {
            "passed": sum(case.get("result") == "Passed" for case in cases), "failed": len(failed),
            "skipped": sum(case.get("result") == "Skipped" for case in cases),
            "failures": [
                {"name": case.get("fullname"), "message": (case.findtext("failure/message") or "").strip()[:500]} for case in failed[:50]
            ],
        }


def back(file):
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def find(folder, ending):
    names = [name for name in os.listdir(folder) if name.endswith(ending)]
    if not names:
        raise OSError(f"no file *{ending}")
    return os.path.join(folder, names[0])


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    except OSError:
        return platform.machine()


def main(kit_folder, out, work):
    kit = Kit(kit_folder, out, work)
    gpurnn, tests = (os.path.join(kit_folder, name) for name in ("gpurnn", "GpuRnn.Tests"))
    peers = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers.py"), DEVICE]
    settings = os.path.join(work, "tests.runsettings")
    with open(settings, "w", encoding="utf-8") as file:
        file.write(f"<RunSettings><NUnit><TestOutputXml>{work}</TestOutputXml></NUnit></RunSettings>")

    if DEVICE == "cuda":
        kit.run("card", 10, ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"], kit.card)
    kit.run("devices", 25, [gpurnn, "devices", "--json"], kit.devices)
    kit.run("check", 120, [gpurnn, "check", "--device", DEVICE, "--json"], kit.check)
    bench = [gpurnn, "bench", "--device", DEVICE, "--errors", "--json", "--explain"]
    for shape in SHAPES:
        kit.run(f"engine lstm {shape}", 30, [*bench, "--shape", shape], kit.add_engine)
    kit.run("peers lstm", 60, [*peers, "lstm", *SHAPES], kit.add_peers)
    only = "TestCategory=Device" + ("&FullyQualifiedName~OptimizerTests" if QUICK else "")
    options = ["--filter", only, "--settings", settings, "--results-directory", work, "--progress", "off", "--output", "Detailed"]
    kit.run("tests", 200, [tests, *options], kit.tests, GPURNN_TEST_DEVICES=DEVICE, GPURNN_REQUIRE=DEVICE,
            GPURNN_CUDA="unchecked")  # they compare with their own reference
    for cell in CELLS[1:]:
        kit.run(f"engine {cell}", 40, [*bench, "--cell", cell, "--shape", *SHAPES[:4]], kit.add_engine)
        kit.run(f"peers {cell}", 30, [*peers, cell, *SHAPES[:4]], kit.add_peers)
    failed = [step["name"] for step in kit.result["steps"] if step["outcome"] != "ok"]
    ok = len(kit.result["steps"]) - len(failed)
    print(f"{os.path.join(out, 'gpu.json')}: {ok} steps ok" + (f", not: {', '.join(failed)}" if failed else ""))


if __name__ == "__main__":
    main(*map(os.path.abspath, sys.argv[1:4]))
