//go:build js && wasm && page && !scripts

package main

import "github.com/posttrain/posttrain/core/recipe"

// catalogue returns the catalogue whose links are read.
func catalogue() *recipe.Catalogue { return recipe.Standard() }

// scripting returns the functions about programs of the user's own, of which there are none.
func scripting(*recipe.Catalogue, *lane) map[string]function { return nil }
