//go:build !page

package recipe

import "embed"

//go:embed bases
var shipped embed.FS

// readBase finds a base's checkpoint in the program.
func readBase(b Base) ([]byte, error) { return shipped.ReadFile(b.File()) }
