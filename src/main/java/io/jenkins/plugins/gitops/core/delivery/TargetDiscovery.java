package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Finds targets in a tree along the patterns; folders off the patterns are never listed. */
final class TargetDiscovery {
    private static final Set<String> MARKER_FILES =
            Set.of("image-tag.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization");

    /** Folders that are listed on the way to all targets; a tree of a few objects can have more than anybody can count. */
    static final int MAX_FOLDERS = 400_000;

    private final FileTree tree;
    private final int maxFolders;
    private int listed;
    /** Names of the environments; null when every folder at the place of {@code {env}} is one. */
    @CheckForNull
    private final Set<String> declared;

    TargetDiscovery(FileTree tree, @CheckForNull Set<String> declared) {
        this(tree, declared, MAX_FOLDERS);
    }

    TargetDiscovery(FileTree tree, @CheckForNull Set<String> declared, int maxFolders) {
        this.tree = tree;
        this.maxFolders = maxFolders;
        this.declared = declared;
    }

    /** The pattern's target of this name; empty when there is no such folder. */
    Optional<Target> find(LayoutPattern pattern, String app, String env) throws IOException, UserErrorException {
        if (!pattern.canContain(app)) {
            return Optional.empty();
        }
        Target target = pattern.target(app, env);
        if (!(pattern.hasEnvInFile() ? hasFile(pattern, target) : isTarget(target.path()))) {
            return Optional.empty();
        }
        boolean other = pattern.isNamedByImage() && !app.equals(nameAfterImage(target));
        return other ? Optional.empty() : Optional.of(target);
    }

    /** The target of a pattern that a file belongs to; empty when it is no target's. */
    Optional<Target> targetOfFile(LayoutPattern pattern, String file) throws IOException {
        Target target = pattern.targetOfFile(file);
        if (target == null || declared != null && !declared.contains(target.environment())) {
            return Optional.empty();
        }
        try {
            String app = pattern.isNamedByImage() ? nameAfterImage(target) : target.application();
            return app == null ? Optional.empty() : find(pattern, app, target.environment());
        } catch (UserErrorException unreadable) {
            // It has no name, so nobody can hold it, approve for it or change it by name.
            return Optional.empty();
        }
    }

    /**
     * Visits the targets of a pattern in the order of the tree.
     *
     * @param env this environment only; null for all
     * @param visitor gives true to stop
     * @return whether the visitor stopped
     */
    boolean visit(LayoutPattern pattern, @CheckForNull String env, Predicate<Target> visitor) throws IOException {
        return new PatternWalk(pattern, env, visitor).from(0, "", pattern.application(), null, false);
    }

    /** Without declared environments any folder could stand at the place of one, so it has to look like a target. */
    private boolean isTarget(String path) throws IOException {
        List<FileTree.Entry> entries = tree.list(path);
        return declared != null
                ? !entries.isEmpty()
                : entries.stream().anyMatch(entry -> !entry.folder() && isMark(entry.name()));
    }

    private static boolean isMark(String file) {
        return MARKER_FILES.contains(file)
                || file.startsWith("values") && (file.endsWith(".yaml") || file.endsWith(".yml"));
    }

    private boolean hasFile(LayoutPattern pattern, Target target) throws IOException {
        String file = Objects.requireNonNullElse(target.imageFile(), target.path());
        int name = file.lastIndexOf('/') + 1;
        return hasMark(pattern, target.path()) && isFile(file.substring(0, name - 1), file.substring(name));
    }

    private boolean hasMark(LayoutPattern pattern, String folder) throws IOException {
        return pattern.mark() == null || isFile(folder, pattern.mark());
    }

    private boolean isFile(String folder, String name) throws IOException {
        return tree.list(folder).stream()
                .anyMatch(entry -> !entry.folder() && entry.name().equals(name));
    }

    /** The last segment of the first image's name; null when the target has no image, or this is no name. */
    @CheckForNull
    private String nameAfterImage(Target target) throws IOException, UserErrorException {
        List<ImageEntry> images = TargetImages.entries(tree, target);
        if (images.isEmpty()) {
            return null;
        }
        String image = images.get(0).image().name();
        String name = image.substring(image.lastIndexOf('/') + 1);
        return LayoutPattern.isName(name) ? name : null;
    }

    /** Whether a visit ended early, since there were more folders than {@link #MAX_FOLDERS}. */
    synchronized boolean isCut() {
        return listed > maxFolders;
    }

    /** Counts what a visit lists. */
    private synchronized boolean mayList() {
        return listed <= maxFolders && ++listed <= maxFolders;
    }

    /** One way along one pattern. */
    private final class PatternWalk {
        private final LayoutPattern pattern;
        private final String only;
        private final Predicate<Target> visitor;

        private PatternWalk(LayoutPattern pattern, @CheckForNull String only, Predicate<Target> visitor) {
            this.pattern = pattern;
            this.only = only;
            this.visitor = visitor;
        }

        /**
         * @param exists whether a listing has shown the folder
         * @return whether the visitor stopped
         */
        private boolean from(int at, String folder, @CheckForNull String app, @CheckForNull String env, boolean exists)
                throws IOException {
            boolean literal = at < pattern.segments().size()
                    && !pattern.segments().get(at).startsWith("{");
            if (!literal && !mayList()) {
                return false;
            }
            if (at == pattern.segments().size() && pattern.hasEnvInFile()) {
                return files(folder, app);
            }
            if (at == pattern.segments().size()) {
                boolean shown = exists && declared != null;
                return (shown || isTarget(folder)) && reach(app, env, folder);
            }
            String segment = pattern.segments().get(at);
            boolean isApp = segment.equals(LayoutPattern.APP);
            boolean isEnv = segment.equals(LayoutPattern.ENV);
            if (!isApp && !(isEnv && only == null)) {
                String name = isEnv ? only : segment;
                return from(at + 1, join(folder, name), app, isEnv ? only : env, false);
            }
            for (FileTree.Entry entry : tree.list(folder)) {
                if (isCut()) {
                    return false;
                }
                String name = entry.name();
                boolean fits = entry.folder()
                        && LayoutPattern.isName(name)
                        && (isApp || declared == null || declared.contains(name));
                if (fits && from(at + 1, join(folder, name), isApp ? name : app, isApp ? env : name, true)) {
                    return true;
                }
            }
            return false;
        }

        /** The environments whose files stand in one folder. */
        private boolean files(String folder, @CheckForNull String app) throws IOException {
            if (!hasMark(pattern, folder)) {
                return false;
            }
            String below = pattern.fileFolder();
            String files = below.isEmpty() ? folder : folder + "/" + below.substring(0, below.length() - 1);
            for (FileTree.Entry entry : tree.list(files)) {
                String env = entry.folder() ? null : pattern.environmentOf(entry.name(), app);
                boolean fits = env != null
                        && (only == null || only.equals(env))
                        && (declared == null || declared.contains(env));
                if (fits && reach(app, env, folder)) {
                    return true;
                }
            }
            return false;
        }

        private boolean reach(@CheckForNull String app, String env, String folder) throws IOException {
            String name = app;
            if (name == null) {
                try {
                    name = nameAfterImage(pattern.target("", env));
                } catch (UserErrorException unreadable) {
                    // The application has no name then; asked for by name, find() says what is wrong with the file.
                    return false;
                }
            }
            return name != null && visitor.test(pattern.target(name, env));
        }

        private static String join(String folder, String name) {
            return folder.isEmpty() ? name : folder + "/" + name;
        }
    }
}
