package script

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"

	"github.com/posttrain/posttrain/core/task"
)

// The functions below return what reads a variable of a script. Its error says what it wants.

func (ownTask) text(into *string) func(starlark.Value) error {
	return func(v starlark.Value) error {
		text, ok := starlark.AsString(v)
		if !ok {
			return errors.New("a text")
		}
		*into = text
		return nil
	}
}

func (ownTask) words(into *[]string) func(starlark.Value) error {
	return func(v starlark.Value) error {
		list, ok := v.(*starlark.List)
		if !ok {
			return errors.New("a list of texts")
		}
		for i := range list.Len() {
			word, ok := starlark.AsString(list.Index(i))
			if !ok {
				return errors.New("a list of texts")
			}
			*into = append(*into, word)
		}
		return nil
	}
}

func (ownTask) whole(into *int, least, most int) func(starlark.Value) error {
	return func(v starlark.Value) error {
		n, err := starlark.AsInt32(v)
		if err != nil || n < least || n > most {
			return fmt.Errorf("a whole number from %d to %d", least, most)
		}
		*into = n
		return nil
	}
}

func (ownTask) levels(into *[]task.Level) func(starlark.Value) error {
	return func(v starlark.Value) error {
		wanted := errors.New(`a dictionary of names and titles, such as {"id": "three digits", ` +
			`"ood": "four digits", "prior": "copying"}`)
		d, ok := v.(*starlark.Dict)
		if !ok {
			return wanted
		}
		for key, value := range d.Entries() {
			name, ok := starlark.AsString(key)
			title, also := starlark.AsString(value)
			if !ok || !also {
				return wanted
			}
			*into = append(*into, task.Level{Name: name, Title: title, Doc: title})
		}
		return nil
	}
}
