//go:build !page

package recipe

import "embed"

//go:embed bases
var shipped embed.FS

// readShipped returns a base's checkpoint, which is part of the program.
func readShipped(name string) ([]byte, error) { return shipped.ReadFile(Base{Name: name}.File()) }
