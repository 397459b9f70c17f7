package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds folders and files of a tree that set images and have an environment in their path, by the conventional names of
 * environments and of the folders around them. The result is a guess for a proposal that a person reviews; nothing is
 * changed based on it.
 */
final class LayoutCandidates {
    /** Maximum number of listed folders. */
    private static final int MAX_FOLDERS = 20_000;

    private static final int MAX_DEPTH = 10;
    private static final int MAX_CANDIDATES = 2_000;

    /** Folders whose subfolders are environments, whatever their names are. */
    private static final Set<String> PARENTS = Set.of(
            "overlays",
            "overlay",
            "environments",
            "environment",
            "envs",
            "env",
            "stages",
            "stage-overlays",
            "clusters");
    /** Further folder names that are never names of applications. */
    private static final Set<String> GENERIC = Set.of(
            "chart",
            "deployment",
            "deployments",
            "overlay",
            "environment",
            "service",
            "values",
            "workloads",
            "gitops",
            "releases",
            "argocd",
            "flux",
            "projects",
            "tenants");

    private static final Pattern VALUES = Pattern.compile("values[-_.](.+)|(.+)[-_.]values");
    private static final Pattern YAML = Pattern.compile("(.+)\\.ya?ml");

    private final FileTree tree;

    /** What a folder below that of an environment is. */
    private enum Below {
        /** The application. */
        APPLICATION,
        /** The application, and one folder between the two is part of the environment's name. */
        REGION_AND_APPLICATION,
        /** A part of the environment's name, if the application is above the environment. */
        CLUSTER
    }

    private final Below reading;
    /** How often applications whose names are not in their paths could be named after an image, by path. */
    private final Map<String, Map<String, Integer>> imageNames = new HashMap<>();

    private final List<LayoutCandidate> found = new ArrayList<>();
    private int listed;

    private LayoutCandidates(FileTree tree, Below reading) {
        this.tree = tree;
        this.reading = reading;
    }

    /**
     * The candidates in the order of the tree. If that separates more of them, a folder between environment and application,
     * or one below an environment that is below its application, becomes part of the environment's name.
     *
     * @throws IOException when the tree cannot be read
     */
    static List<LayoutCandidate> of(FileTree tree) throws IOException {
        List<LayoutCandidate> best = List.of();
        for (Below reading : Below.values()) {
            List<LayoutCandidate> candidates = of(tree, reading);
            best = ids(candidates) > ids(best) ? candidates : best;
            if (ids(best) == candidates.size()) {
                return best;
            }
        }
        return best;
    }

    private static List<LayoutCandidate> of(FileTree tree, Below reading) throws IOException {
        LayoutCandidates candidates = new LayoutCandidates(tree, reading);
        candidates.visit(List.of());
        return candidates.found.stream().map(candidates::named).toList();
    }

    /** With the name of most images of its pattern, if it has none. */
    private LayoutCandidate named(LayoutCandidate candidate) {
        Map<String, Integer> names = imageNames.get(candidate.pattern().path());
        return candidate.application() != null || names == null
                ? candidate
                : candidate.named(Collections.max(names.entrySet(), Map.Entry.comparingByValue())
                        .getKey());
    }

    private static long ids(List<LayoutCandidate> candidates) {
        return candidates.stream().map(LayoutCandidate::id).distinct().count();
    }

    private void visit(List<String> segments) throws IOException {
        if (segments.size() > MAX_DEPTH || found.size() >= MAX_CANDIDATES || ++listed > MAX_FOLDERS) {
            return;
        }
        List<FileTree.Entry> entries = tree.list(String.join("/", segments));
        List<String> files = entries.stream()
                .filter(entry -> !entry.folder() && YAML.matcher(entry.name()).matches())
                .map(FileTree.Entry::name)
                .toList();
        if (!segments.isEmpty() && (visitFolder(segments, files) || visitFiles(segments, files))) {
            return;
        }
        for (FileTree.Entry entry : entries) {
            String name = entry.name();
            if (entry.folder() && !name.startsWith(".") && !name.matches("templates|node_modules|.*[{}*].*")) {
                List<String> below = new ArrayList<>(segments);
                below.add(name);
                visit(below);
            }
        }
    }

    /**
     * Checks a folder that is an environment, or is inside one.
     *
     * @return whether it is a candidate
     */
    private boolean visitFolder(List<String> segments, List<String> files) throws IOException {
        int env = environment(segments);
        if (env < 0 || files.isEmpty()) {
            return false;
        }
        int app = application(segments, env);
        LayoutCandidate folder = LayoutCandidate.ofFolder(segments, env, app, region(segments, env, app));
        if (app >= 0 || env == segments.size() - 1) {
            if (add(folder)) {
                return true;
            }
        }
        if (app >= 0 || env < segments.size() - 1) {
            return false;
        }
        boolean any = false;
        for (String file : files) {
            any |= add(LayoutCandidate.ofFile(segments, env, stem(file), file));
        }
        return any;
    }

    /**
     * Checks files that are named after an environment.
     *
     * @return whether one is a candidate
     */
    private boolean visitFiles(List<String> segments, List<String> files) throws IOException {
        int app = lastNamed(segments, segments.size());
        boolean any = false;
        for (String file : files) {
            String environment = environmentOfFile(stem(file));
            if (environment != null) {
                any |= add(LayoutCandidate.ofEnvironmentFile(segments, app, environment, file));
            }
        }
        return any;
    }

    /** Adds a candidate if it sets an image. */
    private boolean add(LayoutCandidate candidate) throws IOException {
        try {
            Target target = new Target(
                    candidate.application() == null ? "app" : candidate.application(),
                    candidate.environment(),
                    candidate.folder(),
                    candidate.file());
            List<ImageEntry> images = TargetImages.entries(tree, target);
            if (images.isEmpty() || !LayoutPattern.isName(candidate.environment())) {
                return false;
            }
            String image = images.get(0).image().name();
            String name = image.substring(image.lastIndexOf('/') + 1);
            String application = candidate.application();
            if (!LayoutPattern.isName(application == null ? name : application)) {
                return false;
            }
            if (application == null) {
                imageNames
                        .computeIfAbsent(candidate.pattern().path(), path -> new LinkedHashMap<>())
                        .merge(name, 1, Integer::sum);
            }
            return found.add(candidate);
        } catch (UserErrorException unreadable) {
            // It is uncertain whether it sets an image, so it is not proposed.
            return false;
        }
    }

    /** The last segment that is an environment; -1 when there is none. */
    private static int environment(List<String> segments) {
        for (int i = segments.size() - 1; i >= 0; i--) {
            String name = segments.get(i).toLowerCase(Locale.ROOT);
            boolean inParent = i > 0 && PARENTS.contains(segments.get(i - 1).toLowerCase(Locale.ROOT));
            if (!WellKnownEnvironments.isShared(name)
                    && (inParent || WellKnownEnvironments.names().contains(name))) {
                return i;
            }
        }
        return -1;
    }

    /** The segment of the application: the last one below the environment, or else above it. */
    private int application(List<String> segments, int env) {
        int below = lastNamed(segments, segments.size());
        return below > env && !isCluster(segments, env, below) ? below : lastNamed(segments, env);
    }

    /** Whether the only named segment below the environment belongs to it. */
    private boolean isCluster(List<String> segments, int env, int below) {
        return reading == Below.CLUSTER
                && below > env
                && lastNamed(segments, below) <= env
                && lastNamed(segments, env) >= 0;
    }

    /** The only segment between the two with a specific name; -1 when there is none, or regions do not count. */
    private int region(List<String> segments, int env, int app) {
        int below = lastNamed(segments, segments.size());
        if (isCluster(segments, env, below)) {
            return below;
        }
        int last = lastNamed(segments, Math.max(app, 0));
        return reading == Below.REGION_AND_APPLICATION && last > env && lastNamed(segments, last) <= env ? last : -1;
    }

    private static int lastNamed(List<String> segments, int end) {
        for (int i = end - 1; i >= 0; i--) {
            String name = segments.get(i).toLowerCase(Locale.ROOT);
            if (!GENERIC.contains(name) && !BuiltInLayouts.isStructural(name)) {
                return i;
            }
        }
        return -1;
    }

    @CheckForNull
    private static String environmentOfFile(String stem) {
        Matcher values = VALUES.matcher(stem);
        String text = !values.matches() ? stem : values.group(1) == null ? values.group(2) : values.group(1);
        List<String> parts = Arrays.asList(text.toLowerCase(Locale.ROOT).split("[-_.]"));
        List<String> known = WellKnownEnvironments.names();
        boolean usual = !parts.isEmpty()
                && (known.contains(parts.get(0)) || known.contains(parts.get(parts.size() - 1)))
                && (values.matches() || parts.size() == 1);
        return usual ? text : null;
    }

    private static String stem(String file) {
        return file.substring(0, file.lastIndexOf('.'));
    }
}
