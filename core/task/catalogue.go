package task

import "github.com/posttrain/posttrain/core/param"

// All returns the tasks of this package in the order of their names.
func All() []Task {
	return []Task{
		Addition,
		Cards,
		Compose,
		Countdown,
		Facts,
		Lock,
		Maze,
		Parity,
		Paths,
		Refusal,
		Stories,
		Taste,
	}
}

// Lookup returns the task of All with this name. The error names the nearest one and lists all.
func Lookup(name string) (Task, error) { return Find(All(), name) }

// Find returns the task among these with this name. The error names the nearest one and lists all.
func Find(tasks []Task, name string) (Task, error) {
	names := make([]string, len(tasks))
	for i, t := range tasks {
		if t.Name == name {
			return t, nil
		}
		names[i] = t.Name
	}
	return Task{}, param.Unknown("task", name, names)
}
