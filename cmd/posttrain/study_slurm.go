package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/cells"
)

type studySlurmCommand struct {
	studyArgument
	Out    string        `required:"" type:"path" placeholder:"DIR" help:"The folder of the study, on a file system that all nodes share."`
	Tasks  wholeNumber   `default:"4" from:"1" to:"10000" placeholder:"N" help:"Workers, each a task of a job array."`
	Time   time.Duration `default:"4h" placeholder:"TIME" help:"How long a worker may take, such as 90m. What is not done by then is done when the job is submitted again."`
	Option []string      `sep:"none" placeholder:"OPTION" help:"Another option of sbatch for the workers, such as partition=long; repeat for more."`
	Submit bool          `help:"Submit the jobs, instead of saying how."`
	Listen string        `default:":0" placeholder:"HOST:PORT" help:"Where the worker listens that runs the study."`
	remote
	caching
	threading
}

// Help returns the text below the summary of --help.
func (*studySlurmCommand) Help() string {
	return `Examples:

  posttrain study slurm mine.yaml --out /shared/mine --tasks 8 --threads 4
  posttrain study slurm mine.yaml --out /shared/mine --option partition=long --submit

It writes two scripts into DIR: workers.sbatch, a job array, and report.sbatch, which writes
the report afterwards, or says how far the study is. The workers find each other by the folder.`
}

func (c *studySlurmCommand) Run(env *environment) error {
	if c.Creds != "" && c.NATS == "" {
		return usage(errors.New("--nats-creds needs --nats URL: which server are they for?"))
	}
	s, err := c.read(env)
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	if c.Out, err = filepath.Abs(c.Out); err != nil {
		return err
	}
	folder, err := cells.Open(c.Out, s.plan())
	if err != nil {
		return asStudyError(err)
	}
	if err := errors.Join(s.copyTo(c.Out), folder.Close()); err != nil {
		return err
	}
	workers, report := filepath.Join(c.Out, "workers.sbatch"), filepath.Join(c.Out, "report.sbatch")
	for path, text := range map[string]string{
		workers: c.workers(s.Name, program), report: c.report(s.Name, program),
	} {
		if err := checkpoint.WriteFile(path, []byte(text)); err != nil {
			return err
		}
	}
	if !c.Submit {
		fmt.Fprintf(env.out, "job=$(sbatch --parsable %s)\nsbatch --dependency=afterany:$job %s\n",
			recipe.ShellCommand(workers), recipe.ShellCommand(report))
		return nil
	}
	job, err := sbatch(env, "--parsable", workers)
	if err != nil {
		return err
	}
	job, _, _ = strings.Cut(job, ";") // a cluster's name may follow
	after, err := sbatch(env, "--parsable", "--dependency=afterany:"+job, report)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.out, "%d workers are job %s, the report is job %s\n", c.Tasks, job, after)
	return nil
}

// workers returns the script of the job array.
func (c *studySlurmCommand) workers(name, program string) string {
	minutes := max(1, int(c.Time.Minutes()))
	lines := []string{"#!/bin/bash", "#SBATCH --job-name=posttrain-" + name,
		fmt.Sprintf("#SBATCH --array=0-%d", c.Tasks-1),
		fmt.Sprintf("#SBATCH --cpus-per-task=%d", c.Threads),
		fmt.Sprintf("#SBATCH --time=%d", minutes),
		"#SBATCH --output=" + slurmPath(c.Out) + "/slurm-%A_%a.log",
		"#SBATCH --requeue",
		"# A minute before the end a worker gives its cells back.",
		"#SBATCH --signal=B:TERM@60"}
	for _, o := range c.Option {
		lines = append(lines, "#SBATCH --"+strings.TrimPrefix(o, "--"))
	}
	shared := []string{"--threads", fmt.Sprint(c.Threads)}
	if c.Cache != "" {
		shared = append(shared, "--cache", c.Cache)
	}
	if c.NATS == "" {
		work := []string{program, "study", "worker", c.Out, "--listen", c.Listen}
		return slurmScript(lines, append(work, shared...))
	}
	server := []string{"--nats", c.NATS}
	if c.Creds != "" {
		server = append(server, "--nats-creds", c.Creds)
	}
	shared = append(server, shared...)
	run := []string{program, "study", "run", filepath.Join(c.Out, studyFile), "--yes",
		"--out", c.Out}
	lines = append(lines, `if [ "$SLURM_ARRAY_TASK_ID" = 0 ]; then exec `+
		recipe.ShellCommand(append(run, shared...)...)+"; fi")
	return slurmScript(lines, append([]string{program, "study", "worker"}, shared...))
}

// report returns the script of the job that comes after the workers.
func (c *studySlurmCommand) report(name, program string) string {
	return slurmScript([]string{"#!/bin/bash", "#SBATCH --job-name=posttrain-" + name + "-report",
		"#SBATCH --output=" + slurmPath(c.Out) + "/report.log"},
		[]string{program, "study", "report", c.Out})
}

// slurmScript returns the lines of a script that ends in a command.
func slurmScript(lines, command []string) string {
	return strings.Join(lines, "\n") + "\nexec " + recipe.ShellCommand(command...) + "\n"
}

// slurmPath returns a path for an #SBATCH line, where % begins a variable.
func slurmPath(path string) string { return strings.ReplaceAll(path, "%", "%%") }

// sbatch submits a job and returns what sbatch prints.
func sbatch(env *environment, args ...string) (string, error) {
	command := exec.CommandContext(env, "sbatch", args...)
	var said bytes.Buffer
	command.Stderr = &said
	out, err := command.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("there is no sbatch on this machine: leave out --submit, and " +
			"submit the scripts where Slurm is")
	}
	if err != nil {
		return "", fmt.Errorf("sbatch: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return strings.TrimSpace(string(out)), nil
}
