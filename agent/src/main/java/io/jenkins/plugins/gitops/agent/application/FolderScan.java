package io.jenkins.plugins.gitops.agent.application;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the documents of the API group {@code argoproj.io} in and below the folder of the Applications, both those that
 * are read and those that are not, so that the latter can be reported.
 */
final class FolderScan {
    /** The maximum number of files to open in subfolders. */
    private static final int MAX_FILES = 1000;

    private static final int MAX_DEPTH = 5;
    /** In bytes; larger files are not opened either, if they need not be manifests. */
    private static final int MAX_BYTES = 1 << 20;

    private static final String GROUP = "argoproj.io/";

    private final FileTree tree;
    private final List<FoundDocument> found = new ArrayList<>();
    private final List<UnreadableFile> broken = new ArrayList<>();
    private int opened;

    /** The place and form of a document, which determine whether it is read. */
    enum DocumentForm {
        /** A separate YAML document in the folder. */
        DOCUMENT,
        LIST_ITEM,
        JSON_FILE,
        SUBFOLDER
    }

    /** A document of the group, of any kind and version. */
    record FoundDocument(String file, Mapping document, DocumentForm form) {
        String kind() {
            return Optional.ofNullable(YamlFields.text(document, "kind")).orElse("");
        }

        String apiVersion() {
            return Optional.ofNullable(YamlFields.text(document, "apiVersion")).orElse("");
        }
    }

    /** A file that cannot be read. */
    record UnreadableFile(String file, UserErrorException problem) {}

    FolderScan(FileTree tree) {
        this.tree = tree;
    }

    /** Ordered by file. */
    List<FoundDocument> found() {
        return found;
    }

    /** YAML files of the folder that cannot be read, and unreadable JSON files that contain the name of the group. */
    List<UnreadableFile> broken() {
        return broken;
    }

    /** Reads one YAML file. */
    void readYaml(String file) throws IOException {
        try {
            Optional<byte[]> content = tree.read(file);
            if (content.isPresent()) {
                addDocuments(file, content.get(), DocumentForm.DOCUMENT);
            }
        } catch (UserErrorException e) {
            broken.add(new UnreadableFile(file, e));
        }
    }

    /** Reads the files of the folder itself. */
    void readFolder(String folder) throws IOException {
        for (FileTree.Entry entry : tree.list(folder)) {
            String file = TreePath.child(folder, entry.name());
            if (entry.folder()) {
                continue;
            }
            if (TreePath.isYaml(file)) {
                readYaml(file);
            } else if (file.endsWith(".json")) {
                readOther(file, DocumentForm.JSON_FILE);
            }
        }
    }

    /**
     * Reads the subfolders.
     *
     * @param deployed folders that applications deploy: the documents in these are resources of the applications
     */
    void readBelow(String folder, Set<String> deployed) throws IOException {
        Deque<List<String>> open = new ArrayDeque<>();
        open.add(List.of(folder));
        for (int depth = 0; depth <= MAX_DEPTH && !open.isEmpty(); depth++) {
            List<String> next = new ArrayList<>();
            for (String parent : open.remove()) {
                readLevel(parent, depth > 0, deployed, next);
            }
            open.add(next);
        }
    }

    private void readLevel(String parent, boolean below, Set<String> deployed, List<String> next) throws IOException {
        for (FileTree.Entry entry : tree.list(parent)) {
            String path = TreePath.child(parent, entry.name());
            if (entry.folder()) {
                if (!deployed.contains(path)) {
                    next.add(path);
                }
            } else if (below && (TreePath.isYaml(path) || path.endsWith(".json")) && opened++ < MAX_FILES) {
                readOther(path, DocumentForm.SUBFOLDER);
            }
        }
    }

    /**
     * Parses a file that need not be ours only if it contains the name of the group. In subfolders, invalid YAML may be
     * a template.
     */
    private void readOther(String file, DocumentForm documentForm) throws IOException {
        try {
            Optional<byte[]> content = tree.read(file);
            boolean ours = content.filter(bytes -> bytes.length <= MAX_BYTES)
                    .filter(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains(GROUP))
                    .isPresent();
            if (ours) {
                addDocuments(file, content.get(), documentForm);
            }
        } catch (UserErrorException e) {
            if (documentForm == DocumentForm.JSON_FILE) {
                broken.add(new UnreadableFile(file, e));
            }
        }
    }

    private void addDocuments(String file, byte[] content, DocumentForm documentForm) throws UserErrorException {
        for (YamlNode document : YamlText.parse(file, content).documents()) {
            if (document.resolved() instanceof Mapping mapping) {
                add(file, mapping, documentForm);
            }
        }
    }

    private void add(String file, Mapping document, DocumentForm documentForm) {
        FoundDocument one = new FoundDocument(file, document, documentForm);
        if (one.apiVersion().startsWith(GROUP)) {
            found.add(one);
        }
        if (one.kind().endsWith("List")) {
            for (YamlNode item : YamlFields.items(document, "items")) {
                if (item.resolved() instanceof Mapping mapping) {
                    add(file, mapping, documentForm == DocumentForm.DOCUMENT ? DocumentForm.LIST_ITEM : documentForm);
                }
            }
        }
    }
}
