package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/posttrain/posttrain/core/recipe"
)

type studyK8sCommand struct {
	studyArgument
	Image   string      `required:"" placeholder:"IMAGE" help:"A container image with posttrain in its path."`
	Tasks   wholeNumber `default:"4" from:"1" to:"10000" placeholder:"N" help:"Workers, each a pod."`
	Claim   string      `placeholder:"NAME" help:"Keep the study in this persistent volume claim, which all pods can write to (ReadWriteMany)."`
	Secret  string      `placeholder:"NAME" help:"Credentials for the NATS server: a secret with the key nats.creds."`
	Memory  string      `default:"2Gi" placeholder:"AMOUNT" help:"Memory of a pod."`
	NATSURL string      `name:"nats" placeholder:"URL" help:"Use this NATS server. posttrain study run with the same URL publishes the cells and collects the results."`
	threading
}

// Help returns the text below the summary of --help.
func (*studyK8sCommand) Help() string {
	return `Examples:

  posttrain study k8s mine.yaml --image registry/posttrain:1 --claim shared | kubectl apply -f -
  posttrain study k8s mine.yaml --image registry/posttrain:1 --nats nats://nats:4222 > job.yaml`
}

// Where things are in a pod.
const (
	podConfig  = "/etc/posttrain" // the study's file
	podFolder  = "/study"         // the claim
	podSecrets = "/etc/nats"
)

func (c *studyK8sCommand) Run(env *environment) error {
	s, err := c.read(env)
	if err != nil {
		return err
	}
	if (c.Claim == "") == (c.NATSURL == "") {
		return usage(errors.New("want either --claim NAME or --nats URL: where do the pods meet?"))
	}
	if c.Secret != "" && c.NATSURL == "" {
		return usage(errors.New("--secret needs --nats URL: which server is it for?"))
	}
	name := "posttrain-" + strings.ReplaceAll(s.Name, "_", "-")
	documents := []yaml.MapSlice{c.job(name, podFolder+"/"+s.Name)}
	if c.Claim != "" {
		documents = append([]yaml.MapSlice{{{Key: "apiVersion", Value: "v1"},
			{Key: "kind", Value: "ConfigMap"},
			{Key: "metadata", Value: yaml.MapSlice{{Key: "name", Value: name}}},
			{Key: "data", Value: yaml.MapSlice{{Key: studyFile, Value: string(s.text)}}},
		}}, documents...)
	} else {
		collect := []string{"posttrain", "study", "run", c.Study, "--out", "DIR", "--nats",
			c.NATSURL}
		fmt.Fprintf(env.out, "# The results are collected by\n#   %s\n",
			recipe.ShellCommand(collect...))
	}
	for i, d := range documents {
		text, err := yaml.MarshalWithOptions(d, yaml.UseLiteralStyleIfMultiline(true))
		if err != nil {
			return err
		}
		if i > 0 {
			fmt.Fprintln(env.out, "---")
		}
		fmt.Fprintf(env.out, "%s", text)
	}
	return nil
}

// job returns the Indexed Job of workers. dir is the study's folder in their pods.
func (c *studyK8sCommand) job(name, dir string) yaml.MapSlice {
	command := []string{"posttrain", "study", "worker"}
	var mounts, volumes []yaml.MapSlice
	mount := func(volume, path string, source yaml.MapItem) {
		mounts = append(mounts, yaml.MapSlice{{Key: "name", Value: volume},
			{Key: "mountPath", Value: path}})
		volumes = append(volumes, yaml.MapSlice{{Key: "name", Value: volume}, source})
	}
	if c.Claim != "" {
		command = append(command, dir, "--study", podConfig+"/"+studyFile, "--cache",
			podFolder+"/bases")
		mount("config", podConfig, yaml.MapItem{Key: "configMap",
			Value: yaml.MapSlice{{Key: "name", Value: name}}})
		mount("study", podFolder, yaml.MapItem{Key: "persistentVolumeClaim",
			Value: yaml.MapSlice{{Key: "claimName", Value: c.Claim}}})
	} else {
		command = append(command, "--nats", c.NATSURL, "--cache", podFolder+"/bases")
		mount("study", podFolder, yaml.MapItem{Key: "emptyDir", Value: yaml.MapSlice{}})
	}
	if c.Secret != "" {
		command = append(command, "--nats-creds", podSecrets+"/nats.creds")
		mount("nats", podSecrets, yaml.MapItem{Key: "secret",
			Value: yaml.MapSlice{{Key: "secretName", Value: c.Secret}}})
	}
	command = append(command, "--threads", fmt.Sprint(c.Threads), "--wait", "1h")
	amounts := yaml.MapSlice{{Key: "cpu", Value: fmt.Sprint(c.Threads)},
		{Key: "memory", Value: c.Memory}}
	container := yaml.MapSlice{{Key: "name", Value: "worker"}, {Key: "image", Value: c.Image},
		{Key: "command", Value: command},
		{Key: "resources", Value: yaml.MapSlice{{Key: "requests", Value: amounts},
			{Key: "limits", Value: amounts}}},
		{Key: "volumeMounts", Value: mounts}}
	const tries = 20 // of a worker whose pod is lost
	return yaml.MapSlice{{Key: "apiVersion", Value: "batch/v1"}, {Key: "kind", Value: "Job"},
		{Key: "metadata", Value: yaml.MapSlice{{Key: "name", Value: name}}},
		{Key: "spec", Value: yaml.MapSlice{{Key: "completionMode", Value: "Indexed"},
			{Key: "completions", Value: int(c.Tasks)}, {Key: "parallelism", Value: int(c.Tasks)},
			{Key: "backoffLimitPerIndex", Value: tries},
			{Key: "template", Value: yaml.MapSlice{{Key: "spec", Value: yaml.MapSlice{
				{Key: "restartPolicy", Value: "Never"},
				{Key: "terminationGracePeriodSeconds", Value: 60},
				{Key: "containers", Value: []yaml.MapSlice{container}},
				{Key: "volumes", Value: volumes}}}}}}}}
}
