//go:build page

package recipe

import "io/fs"

// readShipped returns fs.ErrNotExist. The page's program does not contain the bases: the page
// fetches those that it needs and passes them by [Catalogue.WithBaseFiles].
func readShipped(string) ([]byte, error) { return nil, fs.ErrNotExist }
