package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds targets in a tree by the patterns; never lists folders that match no pattern. */
final class TargetDiscovery {
    private static final String IMAGE_TAG = "image-tag.yaml";

    /** Maximum number of folders that are listed to find all targets. */
    static final int MAX_FOLDERS = 400_000;

    private final FileTree tree;
    private final int maxFolders;
    private final ListingLimit limit;
    private final EnvironmentNames environments;
    private final PolicyExample example;
    /** Where applications may have their names from; null for nowhere. */
    @CheckForNull
    private final DeployedFolders deployed;
    /** Excludes the targets that are on another branch. */
    private final Predicate<Target> restriction;
    /** Names of the folders at the root; null until they are listed. */
    private volatile Set<String> roots;

    TargetDiscovery(FileTree tree, EnvironmentNames environments, PolicyExample example) {
        this(tree, environments, example, MAX_FOLDERS);
    }

    TargetDiscovery(FileTree tree, EnvironmentNames environments, PolicyExample example, int maxFolders) {
        this(tree, environments, example, maxFolders, null, target -> true);
    }

    /** The same with names of manifests where a known layout gives none. */
    TargetDiscovery namedBy(DeployedFolders folders) {
        return new TargetDiscovery(tree, environments, example, maxFolders, folders, restriction);
    }

    private TargetDiscovery(
            FileTree tree,
            EnvironmentNames environments,
            PolicyExample example,
            int maxFolders,
            @CheckForNull DeployedFolders deployed,
            Predicate<Target> restriction) {
        this.deployed = deployed;
        this.restriction = restriction;
        this.tree = tree;
        this.maxFolders = maxFolders;
        this.limit = new ListingLimit(maxFolders);
        this.environments = environments;
        this.example = example;
    }

    /** The same for some of the targets. */
    TargetDiscovery restrictedTo(Predicate<Target> targets) {
        return new TargetDiscovery(tree, environments, example, maxFolders, deployed, targets);
    }

    /**
     * The targets of a pattern with these names: empty when there is no such folder, several when the pattern is
     * ambiguous.
     *
     * @throws UserErrorException when the path of one is ambiguous, the application would be named after an image that
     *     cannot be read, or the limit of listed folders is exceeded
     */
    List<Target> find(LayoutPattern pattern, String app, String env) throws IOException, UserErrorException {
        List<Target> found = new ArrayList<>();
        List<UserErrorException> problems = new ArrayList<>();
        PathReader reader = reader(pattern);
        if (!isPossible(pattern)) {
            return found;
        }
        ListingLimit own = new ListingLimit(maxFolders);
        PatternWalk walk = new PatternWalk(tree, pattern, reader, own, true, (path, readings, listed) -> {
            PathReader.Reading reading = reader.read(path);
            SkippedPath ambiguous = reading.skipped();
            if (ambiguous != null && hasPlace(pattern, path)) {
                problems.add(new UserErrorException(
                        SourceLocation.of(path), "This " + ambiguous.reason(), ambiguous.remedy()));
            }
            Target target = reading.target();
            if (target != null && exists(pattern, target, listed)) {
                try {
                    named(pattern, target)
                            .filter(one -> one.application().equals(app)
                                    && one.environment().equals(env))
                            .ifPresent(found::add);
                } catch (UserErrorException e) {
                    problems.add(e);
                }
            }
            return false;
        });
        walk.run(pattern.valuesOf(app, environments.textOf(pattern.environment(), env)));
        if (own.isReached()) {
            throw new UserErrorException(
                    "More than " + maxFolders + " folders match " + pattern,
                    "Name the folders of applications more precisely in " + Delivery.FILE);
        }
        if (found.isEmpty() && !problems.isEmpty()) {
            throw problems.get(0);
        }
        return found;
    }

    /** The target of a pattern that a file belongs to; empty when there is none. */
    Optional<Target> targetOfFile(LayoutPattern pattern, String file) throws IOException {
        Target target = reader(pattern).read(file).target();
        boolean deeper = target != null && (pattern.isOnlyFile() || target.contains(file));
        if (!deeper || !exists(pattern, target, false)) {
            return Optional.empty();
        }
        try {
            return named(pattern, target);
        } catch (UserErrorException unreadable) {
            // It has no name, so it cannot be held, approved or changed by name.
            return Optional.empty();
        }
    }

    /**
     * Visits the targets of a pattern in the order of the tree.
     *
     * @param env this environment only; null for all
     * @param visitor returns true to stop
     * @return whether the visitor stopped
     */
    boolean visit(LayoutPattern pattern, @CheckForNull String env, Predicate<Target> visitor) throws IOException {
        if (!isPossible(pattern)) {
            return false;
        }
        PathReader reader = reader(pattern);
        PatternWalk walk = new PatternWalk(tree, pattern, reader, limit, true, (path, readings, listed) -> {
            // If the environment is known, other readings of the path may have been excluded.
            Target target = (env == null ? reader.decide(path, readings) : reader.read(path)).target();
            if (target == null
                    || env != null && !env.equals(target.environment())
                    || !exists(pattern, target, listed)) {
                return false;
            }
            try {
                Optional<Target> named = named(pattern, target);
                return named.isPresent() && visitor.test(named.get());
            } catch (UserErrorException unreadable) {
                // The application has no name; find() reports the error of the file if it is requested by name.
                return false;
            }
        });
        return walk.run(pattern.valuesOf(null, env == null ? null : environments.textOf(pattern.environment(), env)));
    }

    /**
     * Visits paths that match a pattern but are not targets, in the order of the tree.
     *
     * @param visitor returns true to stop
     */
    void visitSkipped(LayoutPattern pattern, Predicate<SkippedPath> visitor) throws IOException {
        if (!isPossible(pattern)) {
            return;
        }
        PathReader reader = reader(pattern);
        SkippedPathReader skipped = new SkippedPathReader(tree, environments, example, this);
        PatternWalk walk = new PatternWalk(
                tree, pattern, reader, new ListingLimit(maxFolders), false, (path, readings, listed) -> {
                    PathReader.Reading reading = reader.read(path);
                    if (reading.target() != null && !pattern.isNamedByImage() && !restriction.test(reading.target())) {
                        return false;
                    }
                    SkippedPath found = skipped.read(pattern, path, reading);
                    return found != null && visitor.test(found);
                });
        walk.run(List.of(Map.of()));
    }

    /** Whether the first folder of a pattern exists, so that most of the built-in patterns cost nothing. */
    private boolean isPossible(LayoutPattern pattern) throws IOException {
        NameTemplate first = pattern.path().segment(0);
        if (!pattern.isBuiltIn() || !first.isLiteral()) {
            return true;
        }
        if (roots == null) {
            roots = tree.list("").stream()
                    .filter(FileTree.Entry::folder)
                    .map(FileTree.Entry::name)
                    .collect(Collectors.toSet());
        }
        return roots.contains(first.toString());
    }

    private PathReader reader(LayoutPattern pattern) {
        return new PathReader(pattern, environments.of(pattern), example);
    }

    /**
     * Whether a target exists. If no environments are declared, any folder could match, so it must also look like a
     * target.
     *
     * @param listed whether its folder, or its file if only that belongs to the target, exists according to a listing
     */
    boolean exists(LayoutPattern pattern, Target target, boolean listed) throws IOException {
        if (pattern.source() == LayoutPattern.Source.TARGETS) {
            return true;
        }
        if (pattern.isBuiltIn() && pattern.isOnlyFile()) {
            return hasImageFile(target) && (hasChart(pattern, target) || !isManifest(target) && setsImages(target));
        }
        if (pattern.source() == LayoutPattern.Source.BUILT_IN_BY_NAME) {
            return isMarkedOrSetsImages(target);
        }
        if (pattern.isOnlyFile()) {
            return (listed || hasImageFile(target)) && hasMark(pattern, target.path());
        }
        return environments.areDeclared()
                ? listed || !tree.list(target.path()).isEmpty()
                : pattern.isBuiltIn() ? isMarkedOrSetsImages(target) : isMarked(target);
    }

    /** Whether it looks like a target; a folder of plain manifests does, too. */
    boolean isMarkedOrSetsImages(Target target) throws IOException {
        List<FileTree.Entry> files = tree.list(target.path()).stream()
                .filter(entry -> !entry.folder())
                .toList();
        return files.stream().anyMatch(file -> isMark(file.name()))
                || files.stream().anyMatch(file -> TreePath.isYaml(file.name())) && setsImages(target);
    }

    /** Whether images of a target can be read. */
    boolean setsImages(Target target) throws IOException {
        try {
            return !TargetImages.entries(tree, target).isEmpty();
        } catch (UserErrorException unreadable) {
            return false;
        }
    }

    /** Whether a folder contains the named file or, if none is named, a file that only targets have. */
    boolean isMarked(Target target) throws IOException {
        return target.imageFile() == null ? hasMarkerFile(target.path()) : hasImageFile(target);
    }

    private boolean hasImageFile(Target target) throws IOException {
        String file = target.imageFile();
        return file != null && isFile(file);
    }

    boolean hasMarkerFile(String folder) throws IOException {
        return tree.list(folder).stream().anyMatch(entry -> !entry.folder() && isMark(entry.name()));
    }

    private static boolean isMark(String file) {
        return file.equals(IMAGE_TAG)
                || TreePath.KUSTOMIZATIONS.contains(file)
                || file.startsWith("values") && TreePath.isYaml(file);
    }

    private boolean hasChart(LayoutPattern pattern, Target target) throws IOException {
        return pattern.mark() != null && hasMark(pattern, target.path());
    }

    /** Whether its file is a workload, which is called after its kind more often than after the application. */
    private boolean isManifest(Target target) throws IOException {
        try {
            LocatedFile file = LocatedFile.find(tree, String.valueOf(target.imageFile()));
            return file != null && file.hasContainers();
        } catch (UserErrorException unreadable) {
            return true;
        }
    }

    private boolean hasMark(LayoutPattern pattern, String folder) throws IOException {
        return pattern.mark() == null || isFile(folder + "/" + pattern.mark());
    }

    boolean isFile(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        String folder = path.substring(0, Math.max(slash, 0));
        String name = path.substring(slash + 1);
        return tree.list(folder).stream()
                .anyMatch(entry -> !entry.folder() && entry.name().equals(name));
    }

    /** Whether the path of a possible target looks like one. */
    boolean hasPlace(LayoutPattern pattern, String path) throws IOException {
        if (pattern.isOnlyFile()) {
            return isFile(path);
        }
        return pattern.path().hasFile() ? !tree.list(path).isEmpty() : hasMarkerFile(path);
    }

    /**
     * A copy with the name of its application: without {@code {app}}, that of its image or, if it has several, of the only
     * Application or Kustomization that deploys it. Empty when there is none, or it is on another branch.
     */
    Optional<Target> named(LayoutPattern pattern, Target target) throws IOException, UserErrorException {
        if (!pattern.isNamedByImage()) {
            return Optional.of(target).filter(restriction);
        }
        String name = nameOf(pattern, target);
        return LayoutPattern.isName(name)
                ? Optional.of(target.withApplication(name)).filter(restriction)
                : Optional.empty();
    }

    private String nameOf(LayoutPattern pattern, Target target) throws IOException, UserErrorException {
        List<String> images = imageNames(target);
        if (images.size() > 1 && deployed != null && pattern.isBuiltIn()) {
            Optional<String> name = deployed.applicationOf(target.path(), target.environment());
            if (name.isPresent()) {
                return name.get();
            }
        }
        return images.isEmpty() ? "" : images.get(0).substring(images.get(0).lastIndexOf('/') + 1);
    }

    /** The names of the images that a target sets, or else of the only image from its bases. */
    private List<String> imageNames(Target target) throws IOException, UserErrorException {
        try {
            List<ImageEntry> images = TargetImages.entries(tree, target);
            if (!images.isEmpty()) {
                return images.stream()
                        .map(entry -> entry.image().name())
                        .distinct()
                        .toList();
            }
        } catch (UserErrorException unset) {
            return List.of(BaseImages.only(tree, target.path()).orElseThrow(() -> unset));
        }
        return BaseImages.only(tree, target.path()).stream().toList();
    }

    /** Whether a visit ended early because there were more folders than {@link #MAX_FOLDERS}. */
    boolean isCut() {
        return limit.isReached();
    }
}
