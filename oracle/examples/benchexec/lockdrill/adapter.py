"""Tool info for BenchExec: any checker of the model world, by its lockdrill adapter.

A benchmark definition names it so, and says by options which adapter, and where headers are that it brings:

    <benchmark tool="lockdrill.adapter" ...>
      <option name="--adapter">oracle/adapters/clang-analyzer-model.yaml</option>
      <option name="--include">include/world/windows/model</option>

PYTHONPATH holds the directory above this one. The commands are the adapter's, one after the other, with `main`
for the entry of a pack; what they print is read by its patterns, as lockdrill does.
"""

import os
import re
import shlex
import shutil

import yaml

import benchexec.result as result
import benchexec.tools.template
from benchexec.tools.template import ToolNotFoundException

# The names that stand in packs, where a task has its only case.
ALONE = (("main_0", "main"), ("LockdrillHarness_0", "LockdrillHarness"))


def pattern(text):
    """A pattern of PCRE2 as one of Python: named groups are spelled otherwise."""
    return re.compile(text.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!"))


class Tool(benchexec.tools.template.BaseTool2):
    def name(self):
        return "lockdrill"

    def project_url(self):
        return "https://learn.microsoft.com/windows-hardware/drivers/devtest/"

    def executable(self, tool_locator):
        return tool_locator.find_executable("sh")

    def version(self, executable):
        return ""

    def cmdline(self, executable, options, task, rlimits):
        given = {}
        for name, value in zip(options[::2], options[1::2]):
            if name not in ("--adapter", "--include"):
                raise benchexec.tools.template.UnsupportedFeatureException(f"option {name}")
            given[name] = value
        if len(options) % 2 or "--adapter" not in given:
            raise benchexec.tools.template.UnsupportedFeatureException("--adapter FILE is missing")
        with open(given["--adapter"], encoding="utf-8") as file:
            self.adapter = yaml.safe_load(file)
        if self.adapter["world"] != "model":
            raise benchexec.tools.template.UnsupportedFeatureException("an adapter of another world than model")
        found = next(filter(None, map(shutil.which, self.adapter["exe"])), None)
        if not found:
            raise ToolNotFoundException(f"none of {', '.join(self.adapter['exe'])} is here")
        values = {
            "exe": found,
            "file": task.single_input_file,
            "files": task.single_input_file,
            "include": os.path.abspath(given.get("--include", ".")),
        }
        steps = [self.step(step, values) for step in self.adapter["steps"]]
        return [executable, "-c", f'D=$(mktemp -d) && {" && ".join(steps)}; S=$?; rm -rf "$D"; exit $S']

    def step(self, step, values):
        words = []
        for word in step:
            for packed, alone in ALONE:
                word = re.sub(rf"\b{packed}\b", alone, word)
            for name, value in values.items():
                word = word.replace("{" + name + "}", value)
            words.append('"$D"'.join(map(shlex.quote, word.split("{dir}"))) if "{dir}" in word else shlex.quote(word))
        return " ".join(words)

    def determine_result(self, run):
        lines = [line.rstrip("\n") for line in run.output]

        def says(text):
            return any(pattern(text).search(line) for line in lines)

        exits = self.adapter["exit"]
        status = run.exit_code.value
        verdict = exits.get(status) if isinstance(exits, dict) else status in exits or None
        if verdict is None:
            return result.RESULT_ERROR
        complete = self.adapter["complete"]
        whole = complete == "exit" or says(complete["pattern"])
        if any(says(text) for text in self.adapter.get("unknown", [])) or verdict == "unknown":
            return result.RESULT_UNKNOWN
        if not whole:
            return result.RESULT_ERROR
        found = any(says(finding["pattern"]) for finding in self.adapter.get("findings", []))
        if found or verdict == "violation":
            return result.RESULT_FALSE_REACH
        return result.RESULT_TRUE_PROP
