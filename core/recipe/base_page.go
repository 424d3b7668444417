//go:build page

package recipe

import "io/fs"

// readShipped finds nothing: the page fetches a base when it is needed, and gives it to the program
// by [Catalogue.WithBaseFiles].
func readShipped(string) ([]byte, error) { return nil, fs.ErrNotExist }
