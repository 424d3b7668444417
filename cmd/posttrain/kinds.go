package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/hf"
)

// isFolder returns the error for a folder where the name of a checkpoint is wanted. It says what of
// the folder may be meant.
func isFolder(path string) error {
	if has(path, hf.ConfigFile) {
		return fmt.Errorf("%s is a folder of transformers: want a checkpoint, which posttrain "+
			"import %s --out FILE makes of it", path, path)
	}
	for _, pattern := range []string{"lane-*.msgp", "*.msgp", "*/lane-*.msgp", "*/*/lane-*.msgp"} {
		// the only error is a bad pattern, as of a folder with a [ in its name
		if found, _ := filepath.Glob(filepath.Join(path, pattern)); len(found) > 0 {
			return fmt.Errorf("%s is a folder: want a checkpoint in it, such as %s", path, found[0])
		}
	}
	return fmt.Errorf("%s is a folder without a checkpoint: want a file, such as the lane-1.msgp "+
		"that run --out writes", path)
}

// notALink returns the error for a file or a folder in the place of a link, and nil if there is
// none of this name.
func notALink(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil
	case !info.IsDir():
		return fmt.Errorf("%s is a file: want an exhibit or a link, with a checkpoint behind "+
			"--base and rows behind --data", path)
	case has(path, "recipe.txt"):
		return fmt.Errorf("%s is the folder of a run: want the link in its recipe.txt, and the "+
			"folder behind --out with --resume", path)
	}
	return nil
}

// importable returns an error that says what is missing if a folder has no model that can be
// imported.
func importable(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil // reading says why
	case !info.IsDir():
		return fmt.Errorf("%s is a %s: want the folder that it is in", path, kindOf(info))
	case !has(path, hf.ConfigFile):
		return fmt.Errorf("%s has no %s: want a folder that export or save_pretrained has written",
			path, hf.ConfigFile)
	case has(path, hf.WeightsFile):
		return nil
	case has(path, hf.WeightsFile+".index.json"):
		return fmt.Errorf("%s has its weights in several files, and one is read: save it again "+
			"with save_pretrained(DIR, max_shard_size=\"100GB\")", path)
	}
	return fmt.Errorf("%s has no %s: save it again with a newer transformers, which writes it, or "+
		"with save_pretrained(DIR, safe_serialization=True)", path, hf.WeightsFile)
}

// kindOf returns the name of the kind of a file.
func kindOf(info os.FileInfo) string {
	if info.Mode().IsRegular() {
		return "file"
	}
	return checkpoint.FileKind(info.Mode())
}

// has reports whether a folder has a file.
func has(folder, name string) bool {
	_, err := os.Stat(filepath.Join(folder, name))
	return err == nil
}

// runsIn returns the flag with which the runs in a folder were made, if it is not the folder of a
// single run, and the folder of one of them.
func runsIn(folder string) (flag, one string) {
	for _, c := range []struct{ pattern, flag string }{
		{"seed-*", "--seeds"}, {"base-*/seed-*", "--bases"},
	} {
		if found, _ := filepath.Glob(filepath.Join(folder, c.pattern)); len(found) > 0 {
			return c.flag, found[0]
		}
	}
	return "", ""
}

// baseNotFile returns what to add to an error about a file of --base that is not there.
func (env *environment) baseNotFile(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), ".msgp")
	if _, err := env.catalogue.Base(name); err != nil {
		return ""
	}
	return fmt.Sprintf("; a base of the program is named in the link, as in base=%s", name)
}
