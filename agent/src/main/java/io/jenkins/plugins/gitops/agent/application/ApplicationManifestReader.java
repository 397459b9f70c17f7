package io.jenkins.plugins.gitops.agent.application;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the {@code Application} manifests of one folder. Rejects a manifest with an unsupported field by name, so that
 * nothing is deployed differently than its author intended; one rejected manifest does not prevent the others from
 * being deployed.
 *
 * <p>{@code AppProject} is not enforced: see {@link Projects}.
 */
public final class ApplicationManifestReader {
    /** Annotation of an {@code Application}: the revision whose deletions a person confirms, 12 to 40 hex digits. */
    public static final String CONFIRM_PRUNE = "gitops.jenkins.io/confirm-prune";

    /**
     * Annotation of an {@code Application}, as in Argo CD: while it is true, the agent does not reconcile the
     * application.
     */
    public static final String SKIP_RECONCILE = "argocd.argoproj.io/skip-reconcile";

    private static final Set<String> TRUE = Set.of("true", "True", "TRUE", "t", "T", "1");
    private static final Set<String> FALSE = Set.of("false", "False", "FALSE", "f", "F", "0");
    private static final String API_VERSION = "argoproj.io/v1alpha1";
    private static final List<String> ROOT = List.of("apiVersion", "kind", "metadata", "spec");
    private static final List<String> METADATA = List.of("name", "namespace", "labels", "annotations", "finalizers");

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
    private static final int MAX_NAME_LENGTH = 253;

    private final ApplicationSpecReader specs;
    private final FileTree tree;
    private final String folder;
    private final boolean ignoreProjects;

    /**
     * @param folder the folder of the manifests; Applications in its subfolders are rejected
     * @param repositories the URLs of the agent's own repository in manifests
     * @param branch the branch that the agent follows
     * @param destinations servers and cluster names that refer to the agent's own cluster
     * @param ignoreProjects whether applications are deployed although an {@code AppProject}, which the agent does not
     *     enforce, restricts them
     */
    public ApplicationManifestReader(
            FileTree tree,
            String folder,
            Set<String> repositories,
            String branch,
            Set<String> destinations,
            boolean ignoreProjects) {
        this.tree = tree;
        this.folder = folder;
        this.ignoreProjects = ignoreProjects;
        this.specs = new ApplicationSpecReader(repositories, branch, destinations);
    }

    /**
     * Returns the applications ordered by file name, without manifests of other kinds. Applications in a place or form
     * that is not read come last, as rejected ones.
     */
    public List<ApplicationManifest> read() throws IOException {
        FolderScan scan = new FolderScan(tree);
        scan.readFolder(folder);
        scan.readBelow(folder, deployedFolders(scan));
        return sources(scan);
    }

    /** Returns the applications of one file; empty if there is no such file. */
    public List<ApplicationManifest> read(String file) throws IOException {
        FolderScan scan = new FolderScan(tree);
        scan.readYaml(file);
        return sources(scan);
    }

    private static Set<String> deployedFolders(FolderScan scan) {
        Set<String> folders = new HashSet<>();
        for (FolderScan.FoundDocument foundDocument : scan.found()) {
            Mapping spec = YamlFields.child(foundDocument.document(), "spec");
            String path = spec == null ? null : YamlFields.nested(spec, "source", "path");
            if (path != null) {
                folders.add(ApplicationSpecReader.folder(path));
            }
        }
        return folders;
    }

    private List<ApplicationManifest> sources(FolderScan scan) {
        Projects projects = new Projects(ignoreProjects);
        scan.found().stream().filter(f -> f.kind().equals("AppProject")).forEach(f -> projects.add(f.document()));
        List<ApplicationManifest> read = new ArrayList<>();
        List<ApplicationManifest> unread = new ArrayList<>();
        scan.broken().forEach(b -> read.add(refused(fileName(b.file()), b.file(), null, b.problem())));
        for (FolderScan.FoundDocument foundDocument : scan.found()) {
            if (foundDocument.kind().equals("ApplicationSet")) {
                UserErrorException problem = new UserErrorException(
                        foundDocument.document().location(),
                        "An ApplicationSet is not supported",
                        "Write its Applications out");
                read.add(refused(fileName(foundDocument.file()), foundDocument.file(), null, problem));
            } else if (foundDocument.kind().equals("Application")) {
                UserErrorException problem = unread(foundDocument);
                if (problem == null) {
                    read.add(readApplication(foundDocument.file(), foundDocument.document(), projects));
                } else {
                    unread.add(refused(
                            shownName(foundDocument.file(), foundDocument.document()),
                            foundDocument.file(),
                            path(foundDocument.document()),
                            problem));
                }
            }
        }
        read.sort(Comparator.comparing(ApplicationManifest::file));
        return withUnread(withoutTwins(read), unread);
    }

    /** Why an Application is not read; null if it is. */
    @CheckForNull
    private UserErrorException unread(FolderScan.FoundDocument foundDocument) {
        SourceLocation at = foundDocument.document().location();
        return switch (foundDocument.form()) {
            case DOCUMENT ->
                foundDocument.apiVersion().equals(API_VERSION)
                        ? null
                        : new UserErrorException(
                                at,
                                "An Application of " + foundDocument.apiVersion() + " is not supported",
                                "Write apiVersion: " + API_VERSION);
            case LIST_ITEM ->
                new UserErrorException(
                        at, "An Application in a list is not read", "Write it as a separate YAML document");
            case JSON_FILE ->
                new UserErrorException(at, "An Application in a JSON file is not read", "Write it in a .yaml file");
            case SUBFOLDER ->
                new UserErrorException(
                        at,
                        "An Application below " + (folder.isEmpty() ? "the repository's root" : folder)
                                + " is not read",
                        "Move the file up into that folder");
        };
    }

    /** An Application that is not read must not prevent another of the same name from being deployed. */
    private static List<ApplicationManifest> withUnread(
            List<ApplicationManifest> read, List<ApplicationManifest> unread) {
        Map<String, ApplicationManifest> byName = new LinkedHashMap<>();
        read.forEach(source -> byName.put(source.name(), source));
        unread.forEach(source -> byName.putIfAbsent(source.name(), source));
        return List.copyOf(byName.values());
    }

    private static ApplicationManifest refused(
            String name, String file, @CheckForNull String path, UserErrorException problem) {
        return new ApplicationManifest(name, file, path, null, problem.getMessage());
    }

    private static String shownName(String file, Mapping document) {
        String name = YamlFields.nested(document, "metadata", "name");
        return name == null || !NAME.matcher(name).matches() ? fileName(file) : name;
    }

    @CheckForNull
    private static String path(Mapping document) {
        return Optional.ofNullable(YamlFields.child(document, "spec"))
                .map(spec -> YamlFields.nested(spec, "source", "path"))
                .map(ApplicationSpecReader::folder)
                .orElse(null);
    }

    private ApplicationManifest readApplication(String file, Mapping document, Projects projects) {
        String shown = shownName(file, document);
        String path = path(document);
        try {
            StrictMapping root = StrictMapping.of(document, "an Application", ROOT);
            YamlNode metadata = root.value("metadata");
            if (metadata == null) {
                throw new UserErrorException(root.location(), "metadata is missing", "Name the application");
            }
            requireName(StrictMapping.of(metadata, "an Application's metadata", METADATA));
            YamlNode spec = root.value("spec");
            if (spec == null) {
                throw new UserErrorException(root.location(), "spec is missing", "Write what to deploy and where");
            }
            boolean skipped = isSkipped(document);
            String warning = projects.check(document);
            return new ApplicationManifest(
                    shown, file, path, specs.read(spec), null, annotation(document, CONFIRM_PRUNE), skipped, warning);
        } catch (UserErrorException e) {
            return refused(shown, file, path, e);
        }
    }

    @CheckForNull
    private static String annotation(Mapping document, String name) {
        Mapping metadata = YamlFields.child(document, "metadata");
        return metadata == null ? null : YamlFields.nested(metadata, "annotations", name);
    }

    /** Argo CD accepts Go's spellings of true and false, and ignores any other value; here, that is an error. */
    private static boolean isSkipped(Mapping document) throws UserErrorException {
        String value = annotation(document, SKIP_RECONCILE);
        if (value == null || FALSE.contains(value)) {
            return false;
        }
        if (!TRUE.contains(value)) {
            throw new UserErrorException(
                    document.location(), SKIP_RECONCILE + " is neither true nor false", "Write \"true\" or remove it");
        }
        return true;
    }

    private static void requireName(StrictMapping metadata) throws UserErrorException {
        String name = metadata.requiredText("name");
        if (name.length() > MAX_NAME_LENGTH || !NAME.matcher(name).matches()) {
            throw new UserErrorException(
                    metadata.valueLocation("name"),
                    "\"" + name + "\" is not a name of a Kubernetes object",
                    "Use lower-case letters, digits, dots and dashes");
        }
    }

    /** Two manifests with the same name would conflict, so neither is deployed. */
    private static List<ApplicationManifest> withoutTwins(List<ApplicationManifest> all) {
        Map<String, ApplicationManifest> byName = new LinkedHashMap<>();
        for (ApplicationManifest source : all) {
            byName.merge(source.name(), source, ApplicationManifestReader::twin);
        }
        return List.copyOf(byName.values());
    }

    private static ApplicationManifest twin(ApplicationManifest first, ApplicationManifest second) {
        if (first.problem() != null && first.name().equals(fileName(first.file()))) {
            return first; // Several Applications without a name in one file, each of which is already rejected.
        }
        UserErrorException problem = new UserErrorException(
                SourceLocation.of(second.file()),
                "The application " + first.name() + " is also defined in " + first.file(),
                "Remove or rename one of the two");
        return new ApplicationManifest(first.name(), first.file(), first.path(), null, problem.getMessage());
    }

    private static String fileName(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }
}
