//go:build !page

package recipe

import "embed"

//go:embed bases
var shipped embed.FS

// readShipped returns the checkpoint of a base, which the program contains.
func readShipped(name string) ([]byte, error) { return shipped.ReadFile(Base{Name: name}.File()) }
