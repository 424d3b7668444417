"""An experiment of the Posttrain playground in a notebook: Jupyter, JupyterLab, VS Code, Colab or marimo.

Put widget.js of the playground beside this file, then, in a cell:

    from posttrain_lab import Lab

    lab = Lab(link="memorise?seed=7", title="SFT memorises, RL generalises")
    lab

Press Start, make a guess, press Run, and when the lanes are done, in the next cell:

    lab.done["digests"]  # of each lane, as "posttrain run" prints it
    lab.done["metrics"]["grpo"]["eval/id/accuracy"]
"""

import pathlib

import anywidget
import traitlets


class Lab(anywidget.AnyWidget):
    """An experiment, or a lesson, that trains in the browser of whoever sees the notebook."""

    _esm = pathlib.Path(__file__).with_name("widget.js")

    base = traitlets.Unicode("https://playground.example.edu/", help="Where the playground is.").tag(sync=True)
    link = traitlets.Unicode(help="The experiment.").tag(sync=True)
    lesson = traitlets.Unicode(help="The name of a lesson, instead of a link.").tag(sync=True)
    title = traitlets.Unicode(help="What the experiment is called here.").tag(sync=True)
    text = traitlets.Unicode(help="A sentence above the experiment.").tag(sync=True)
    question = traitlets.Unicode(help="What is asked before the run, in your own words.").tag(sync=True)
    view = traitlets.Unicode(help='"compact": the picture, Run and one line of what happened.').tag(sync=True)
    theme = traitlets.Unicode("auto", help='"light", "dark", or "auto": as the notebook.').tag(sync=True)
    picture = traitlets.Int(0, help="The height of the picture in pixels; 0 for the usual one.").tag(sync=True)
    height = traitlets.Int(0, help="The height in pixels; 0 for what the experiment needs.").tag(sync=True)

    state = traitlets.Dict(help="How far the lanes are: started, link, lanes.").tag(sync=True)
    done = traitlets.Dict(help="The end of a run: link, digests, metrics, prediction.").tag(sync=True)
    sheet = traitlets.Dict(help="The answer sheet of a lesson, for posttrain check.").tag(sync=True)
