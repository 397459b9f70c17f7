package io.jenkins.plugins.gitops.core.render.kustomization;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.resource.ManifestReader;
import io.jenkins.plugins.gitops.core.render.source.KustomizationPath;
import io.jenkins.plugins.gitops.core.render.source.SymlinkResolver;
import io.jenkins.plugins.gitops.core.render.yaml.TextOrigin;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser.Dialect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads the files of one rendering. Each is read and parsed once; callers get copies. */
public final class FileLoader {
    private final FileTree tree;
    private final Map<String, Optional<byte[]>> contents = new HashMap<>();
    private final Map<String, List<YamlValue>> manifests = new HashMap<>();
    private final Map<String, Kustomization> kustomizations = new HashMap<>();

    public FileLoader(FileTree tree) {
        this.tree = tree;
    }

    /** The kustomization of a folder; null if it has none. */
    @CheckForNull
    public Kustomization kustomization(String folder) throws UserErrorException, IOException {
        String found = null;
        for (String name : TreePath.KUSTOMIZATIONS) {
            String file = SymlinkResolver.follow(tree, TreePath.child(folder, name));
            if (!KustomizationPath.isIn(file, folder)) {
                throw notInFolder(SourceLocation.of(TreePath.child(folder, name)), file);
            }
            if (content(file).isPresent()) {
                if (found != null) {
                    throw new UserErrorException(
                            SourceLocation.of(file),
                            "the folder contains two kustomizations, because it also has "
                                    + KustomizationPath.name(found) + " too",
                            "Remove one of them");
                }
                found = file;
            }
        }
        return found == null ? null : kustomization(found, folder);
    }

    /**
     * Loads a kustomization from a file of any name.
     *
     * @param folder the folder that its paths are relative to
     */
    public Kustomization kustomization(String file, String folder) throws UserErrorException, IOException {
        Kustomization known = kustomizations.get(file);
        if (known == null) {
            known = KustomizationReader.read(file, folder, content(file).orElse(new byte[0]));
            kustomizations.put(file, known);
        }
        return known;
    }

    /**
     * Resolves the path of a reference in a kustomization, following symbolic links.
     *
     * @throws UserErrorException if the path is absolute, a URL, or leaves the tree
     */
    public String resolve(String folder, String path, SourceLocation at) throws UserErrorException, IOException {
        return SymlinkResolver.follow(tree, KustomizationPath.resolve(folder, path, at));
    }

    public boolean isFile(String path) throws UserErrorException, IOException {
        return content(path).isPresent();
    }

    /** The manifests of a file, as copies. */
    public List<YamlValue> manifests(String file) throws UserErrorException, IOException {
        List<YamlValue> parsed = manifests.get(file);
        if (parsed == null) {
            TextOrigin origin = TextOrigin.file(file);
            byte[] content = content(file).orElse(new byte[0]);
            parsed = ManifestReader.resources(YamlValueParser.parse(origin, Dialect.MANIFEST, content), origin);
            manifests.put(file, parsed);
        }
        List<YamlValue> copies = new ArrayList<>(parsed.size());
        parsed.forEach(manifest -> copies.add(manifest.copy()));
        return copies;
    }

    /**
     * The content of a file that a kustomization refers to.
     *
     * @throws UserErrorException if there is none, or it is outside the kustomization's folder
     */
    public byte[] read(Kustomization kustomization, String path, SourceLocation at)
            throws UserErrorException, IOException {
        String file = resolveFile(kustomization, path, at);
        Optional<byte[]> content = content(file);
        if (content.isEmpty()) {
            throw new UserErrorException(at, "there is not a file " + file, "Correct the path, or add the file");
        }
        return content.get();
    }

    /**
     * Resolves the path of a file, following symbolic links; rejects a file outside the kustomization's folder, as
     * kustomize does.
     */
    public String resolveFile(Kustomization kustomization, String path, SourceLocation at)
            throws UserErrorException, IOException {
        String file = resolve(kustomization.folder(), path, at);
        if (!KustomizationPath.isIn(file, kustomization.folder()) || file.equals(kustomization.folder())) {
            throw notInFolder(at, file);
        }
        return file;
    }

    private static UserErrorException notInFolder(SourceLocation at, String file) {
        return new UserErrorException(
                at,
                "the file " + file + " is not in the folder of the kustomization, and kustomize reads no others",
                "Move it there, or refer to the folder of a kustomization");
    }

    private Optional<byte[]> content(String file) throws UserErrorException, IOException {
        Optional<byte[]> content = contents.get(file);
        if (content == null) {
            content = tree.read(file);
            contents.put(file, content);
        }
        return content;
    }
}
