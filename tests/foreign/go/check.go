// Reads a log with the packages of Go's checksum database, golang.org/x/mod/sumdb, and says what they make of it.
//
//	check open VKEY NOTE       verify a note and print its text
//	check sign NAME            sign the text on standard input with a fresh key; print {"vkey", "note"} as JSON
//	check tree VKEY FOLDER     hash the entries anew; compare the signed root and every hash tile; print their number
//	check prove VKEY FOLDER    prove everything from the tiles alone, check it, and print the proofs
//	check accept VKEY FOLDER   check the proofs on standard input
//	check paths                print the path of each tile whose level, index and width stand on a line
//
// FOLDER holds files as they are served: checkpoint, tile/<L>/<N> and tile/entries/<N>; and, as "older", an older
// checkpoint. Proofs are {"inclusion", "consistency"}, lists of lists of hashes in base64: the first of each leaf, the
// second from the tree of 1, 2, 3 and so on leaves to the newest one.
package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// height is that of the tiles; it does not stand in our paths.
const height = 8

type proofs struct {
	Inclusion   []tlog.RecordProof `json:"inclusion"`
	Consistency []tlog.TreeProof   `json:"consistency"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("no command")
	}
	command, args := args[0], args[1:]
	switch {
	case command == "open" && len(args) == 2:
		text, err := open(args[0], args[1])
		fmt.Print(text)
		return err
	case command == "sign" && len(args) == 1:
		return sign(args[0])
	case command == "tree" && len(args) == 2:
		return compareTree(args[0], args[1])
	case command == "prove" && len(args) == 2:
		return prove(args[0], args[1])
	case command == "accept" && len(args) == 2:
		return accept(args[0], args[1])
	case command == "paths" && len(args) == 0:
		return paths()
	}
	return errors.New("not a command")
}

func open(vkey, file string) (string, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return "", err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return "", err
	}
	return opened.Text, nil
}

func sign(name string) error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, signer)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]string{"vkey": vkey, "note": string(signed)})
}

// readTree believes a checkpoint's signature and reads it. The checksum database writes a fixed first line where ours
// is the log's origin; the rest is the same.
func readTree(vkey, file string) (tlog.Tree, error) {
	text, err := open(vkey, file)
	if err != nil {
		return tlog.Tree{}, err
	}
	_, rest, _ := strings.Cut(text, "\n")
	return tlog.ParseTree([]byte("go.sum database tree\n" + rest))
}

// served reads hash tiles from a folder.
type served string

func (s served) Height() int { return height }

func (s served) SaveTiles([]tlog.Tile, [][]byte) {}

func (s served) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(s), ourPath(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func ourPath(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
}

func compareTree(vkey, folder string) error {
	tree, err := readTree(vkey, filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var hashes []tlog.Hash
		for _, index := range indexes {
			hashes = append(hashes, stored[index])
		}
		return hashes, nil
	})
	entries, err := readEntries(folder, tree.N)
	if err != nil {
		return err
	}
	for at, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(at), entry, reader)
		if err != nil {
			return err
		}
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return errors.New("the entries do not make the signed root")
	}
	return compareTiles(folder, reader)
}

// readEntries reads the bundles, each entry after its length in two bytes; the checksum database has another form.
func readEntries(folder string, size int64) ([][]byte, error) {
	var entries [][]byte
	for int64(len(entries)) < size {
		tile := tlog.Tile{H: height, L: 0, N: int64(len(entries)) >> height, W: 1 << height}
		if rest := size - int64(len(entries)); rest < int64(tile.W) {
			tile.W = int(rest)
		}
		path := strings.Replace(ourPath(tile), "tile/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return nil, err
		}
		for at := 0; at < tile.W; at++ {
			if len(data) < 2 || len(data) < 2+int(data[0])<<8+int(data[1]) {
				return nil, fmt.Errorf("%s ends inside an entry", path)
			}
			end := 2 + int(data[0])<<8 + int(data[1])
			entries = append(entries, data[2:end])
			data = data[end:]
		}
		if len(data) != 0 {
			return nil, fmt.Errorf("%s has bytes to spare", path)
		}
	}
	return entries, nil
}

func compareTiles(folder string, reader tlog.HashReader) error {
	compared := 0
	err := filepath.Walk(filepath.Join(folder, "tile"), func(file string, found os.FileInfo, err error) error {
		if err != nil || found.IsDir() || strings.Contains(file, "/tile/entries/") {
			return err
		}
		path := strings.TrimPrefix(file, filepath.Join(folder, "tile")+"/")
		tile, err := tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", height, path))
		if err != nil {
			return err
		}
		ours, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		theirs, err := tlog.ReadTileData(tile, reader)
		if err != nil {
			return err
		}
		if !bytes.Equal(ours, theirs) {
			return fmt.Errorf("%s is another tile", path)
		}
		compared++
		return nil
	})
	fmt.Println(compared)
	return err
}

func prove(vkey, folder string) error {
	tree, err := readTree(vkey, filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tree, served(folder))
	var made proofs
	for at := int64(0); at < tree.N; at++ {
		record, err := tlog.ProveRecord(tree.N, at, reader)
		if err != nil {
			return err
		}
		growth, err := tlog.ProveTree(tree.N, at+1, reader)
		if err != nil {
			return err
		}
		made.Inclusion = append(made.Inclusion, record)
		made.Consistency = append(made.Consistency, growth)
	}
	if err := checkProofs(tree, reader, made); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(made)
}

func accept(vkey, folder string) error {
	tree, err := readTree(vkey, filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	older, err := readTree(vkey, filepath.Join(folder, "older"))
	if err != nil {
		return err
	}
	var given proofs
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		return err
	}
	if int64(len(given.Inclusion)) != tree.N || int64(len(given.Consistency)) != tree.N {
		return errors.New("not one proof for each leaf and each size")
	}
	if err := tlog.CheckTree(given.Consistency[older.N-1], tree.N, tree.Hash, older.N, older.Hash); err != nil {
		return err
	}
	return checkProofs(tree, tlog.TileHashReader(tree, served(folder)), given)
}

func checkProofs(tree tlog.Tree, reader tlog.HashReader, given proofs) error {
	for at, proof := range given.Inclusion {
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(at))})
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(at), leaf[0]); err != nil {
			return fmt.Errorf("leaf %d: %v", at, err)
		}
	}
	for at, proof := range given.Consistency {
		old := int64(at) + 1
		root, err := tlog.TreeHash(old, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, old, root); err != nil {
			return fmt.Errorf("from %d leaves: %v", old, err)
		}
	}
	return nil
}

func paths() error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		tile := tlog.Tile{H: height}
		if _, err := fmt.Sscan(lines.Text(), &tile.L, &tile.N, &tile.W); err != nil {
			return err
		}
		fmt.Println(ourPath(tile))
	}
	return lines.Err()
}
