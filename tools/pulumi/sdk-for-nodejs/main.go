// Writes the SDK of a package for Node.js from its schema, which is read from standard input.
//
// `pulumi package gen-sdk` does the same with a language host for Node.js, which cannot be had as a Go
// package. The generator can.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: sdk-for-nodejs FOLDER <schema.json")
		os.Exit(2)
	}
	if err := generate(os.Stdin, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate(text io.Reader, folder string) error {
	var spec schema.PackageSpec
	if err := json.NewDecoder(text).Decode(&spec); err != nil {
		return fmt.Errorf("reading the schema: %w", err)
	}
	// The schema refers to no other package, so nothing is ever loaded, and no engine is needed.
	loader := schema.NewPluginLoader(nil)
	pkg, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{})
	if err != nil {
		return fmt.Errorf("the schema is wrong: %w", err)
	}
	if diagnostics.HasErrors() {
		return diagnostics
	}
	files, err := nodejs.GeneratePackage("kalypso", pkg, nil, nil, true, loader)
	if err != nil {
		return fmt.Errorf("generating the SDK: %w", err)
	}
	for path, content := range files {
		target := filepath.Join(folder, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
