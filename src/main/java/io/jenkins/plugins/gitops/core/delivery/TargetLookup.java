package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The targets that the patterns and the Argo CD Application manifests define. */
final class TargetLookup {
    /** Maximum number of skipped paths that are listed with the reason. */
    private static final int MAX_SKIPPED = 1_000;
    /** Maximum number of locations of one target that are compared; a message lists two. */
    private static final int MAX_PLACES = 8;

    private final List<LayoutPattern> patterns;
    private final TargetDiscovery discovery;
    /** In order of precedence; empty when {@code gitops.yaml} declares where applications are. */
    private final List<ManifestTargets> manifests;

    private final PolicyExample example;

    private Map<String, Target> targets;
    /** The matching pattern by the target's id; without targets of manifests. */
    private final Map<String, LayoutPattern> chosenPatterns = new HashMap<>();

    private final Set<LayoutPattern> matched = new HashSet<>();
    /** Further locations of targets. */
    private final List<SkippedPath> conflicts = new ArrayList<>();

    private boolean incomplete;

    TargetLookup(
            List<LayoutPattern> patterns,
            TargetDiscovery discovery,
            List<ManifestTargets> manifests,
            PolicyExample example) {
        this.patterns = List.copyOf(patterns);
        this.discovery = discovery;
        this.manifests = List.copyOf(manifests);
        this.example = example;
    }

    /** One of the locations of a target that patterns match. */
    private record Place(LayoutPattern pattern, Target target) {}

    /**
     * The target with these names; empty when there is none.
     *
     * @throws UserErrorException when it is ambiguous, or cannot be determined
     */
    Optional<Target> find(String app, String env) throws IOException, UserErrorException {
        List<Place> places = new ArrayList<>();
        UserErrorException problem = null;
        for (LayoutPattern pattern : patterns) {
            try {
                discovery.find(pattern, app, env).forEach(target -> places.add(new Place(pattern, target)));
            } catch (UserErrorException e) {
                problem = e;
            }
        }
        if (!places.isEmpty()) {
            return Optional.of(choose(places).target());
        }
        for (ManifestTargets manifest : manifests) {
            Optional<Target> found = manifest.find(app, env);
            if (found.isPresent()) {
                return found;
            }
        }
        if (problem != null) {
            throw problem;
        }
        return Optional.empty();
    }

    /** Whether any target is in this environment; stops at the first one. */
    boolean hasEnvironment(String env) throws IOException {
        for (LayoutPattern pattern : patterns) {
            if (discovery.visit(pattern, env, found -> true)) {
                return true;
            }
        }
        for (ManifestTargets manifest : manifests) {
            if (manifest.hasEnvironment(env)) {
                return true;
            }
        }
        return false;
    }

    /**
     * All targets in discovery order; if a target has several locations, the one that takes precedence or else the
     * first.
     */
    synchronized Collection<Target> all() throws IOException {
        if (targets == null) {
            Map<String, List<Place>> found = new LinkedHashMap<>();
            for (LayoutPattern pattern : patterns) {
                discovery.visit(pattern, null, target -> {
                    matched.add(pattern);
                    List<Place> places = found.computeIfAbsent(target.id(), id -> new ArrayList<>(1));
                    if (places.size() < MAX_PLACES) {
                        places.add(new Place(pattern, target));
                    }
                    return found.size() > Delivery.MAX_TARGETS;
                });
            }
            Map<String, Target> chosen = new LinkedHashMap<>();
            for (Map.Entry<String, List<Place>> one : found.entrySet()) {
                Place place = chosenOrFirst(one.getValue());
                chosen.put(one.getKey(), place.target());
                chosenPatterns.put(one.getKey(), place.pattern());
            }
            boolean cut = discovery.isCut();
            for (ManifestTargets manifest : manifests) {
                for (Target target : manifest.all()) {
                    if (chosen.size() <= Delivery.MAX_TARGETS) {
                        chosen.putIfAbsent(target.id(), target);
                    }
                }
                cut |= manifest.isCut();
            }
            incomplete = cut || chosen.size() > Delivery.MAX_TARGETS;
            targets = chosen;
        }
        return targets.values();
    }

    /** The pattern that matches one of {@link #all}; empty for a target of a manifest. */
    synchronized Optional<LayoutPattern> patternOf(Target target) throws IOException {
        all();
        return Optional.ofNullable(chosenPatterns.get(target.id()));
    }

    /** Path of the manifest that leads to one of {@link #all}; empty when a pattern does. */
    Optional<String> manifestOf(Target target) throws IOException {
        if (patternOf(target).isPresent()) {
            return Optional.empty();
        }
        for (ManifestTargets manifest : manifests) {
            Optional<String> file = manifest.manifestOf(target);
            if (file.isPresent()) {
                return file;
            }
        }
        return Optional.empty();
    }

    /** Whether a pattern matches any target, or a further location of one. */
    synchronized boolean isMatched(LayoutPattern pattern) throws IOException {
        all();
        return matched.contains(pattern);
    }

    /** Whether {@link #all} is incomplete. */
    synchronized boolean isIncomplete() throws IOException {
        all();
        return incomplete;
    }

    /**
     * The paths that match the patterns but are not targets, or are further locations of targets; at most
     * {@link #MAX_SKIPPED}. Walks all folders of the patterns.
     */
    synchronized List<SkippedPath> skipped() throws IOException {
        Set<String> places = new HashSet<>();
        for (Target target : all()) {
            places.add(target.path());
            if (target.imageFile() != null) {
                places.add(target.imageFile());
            }
        }
        Map<String, SkippedPath> found = new LinkedHashMap<>();
        conflicts.forEach(conflict -> found.put(conflict.path(), conflict));
        for (LayoutPattern pattern : patterns) {
            discovery.visitSkipped(pattern, skipped -> {
                if (!places.contains(skipped.path())) {
                    found.putIfAbsent(skipped.path(), skipped);
                }
                return found.size() >= MAX_SKIPPED;
            });
        }
        return List.copyOf(found.values());
    }

    private Place chosenOrFirst(List<Place> places) throws IOException {
        Place first = places.get(0);
        try {
            return choose(places);
        } catch (UserErrorException severalPlaces) {
            // find() reports the ambiguity if the target is requested by name.
            for (Place other : places.subList(1, places.size())) {
                if (conflicts.size() < MAX_SKIPPED && !isSame(first, other)) {
                    conflicts.add(conflict(first, other));
                }
            }
            return first;
        }
    }

    private SkippedPath conflict(Place first, Place other) {
        Target target = first.target();
        boolean sameFolder = target.path().equals(other.target().path());
        return new SkippedPath(
                text(other, sameFolder),
                other.pattern().toString(),
                target.application(),
                target.environment(),
                "matches " + target.id() + ", and so does " + text(first, sameFolder) + "; neither is changed",
                choice(first, other));
    }

    /**
     * The location that takes precedence: one of {@code targets} over all others, one with the file over one with only
     * the folder, and in the same folder the first.
     *
     * @throws UserErrorException when several locations remain
     */
    private Place choose(List<Place> places) throws IOException, UserErrorException {
        Place first = places.get(0);
        if (places.size() == 1 || first.pattern().source() == LayoutPattern.Source.TARGETS) {
            return first;
        }
        List<Place> certain = new ArrayList<>();
        for (Place place : places) {
            if (discovery.isMarked(place.target())) {
                certain.add(place);
            }
        }
        List<Place> rest = certain.isEmpty() ? places : certain;
        first = rest.get(0);
        for (Place other : rest) {
            if (!isSame(first, other)) {
                throw severalPlaces(first, other);
            }
        }
        return first;
    }

    /**
     * Whether two locations are the same: the same file, or the same folder by patterns in an explicitly chosen order.
     */
    private static boolean isSame(Place one, Place other) {
        String file = one.target().imageFile();
        boolean sameFolder = one.target().path().equals(other.target().path());
        boolean ordered = !one.pattern().isBuiltIn() && one.pattern() != other.pattern();
        return file != null && file.equals(other.target().imageFile())
                || sameFolder && (ordered || file == null || other.target().imageFile() == null);
    }

    private UserErrorException severalPlaces(Place one, Place other) {
        Target target = one.target();
        boolean sameFolder = target.path().equals(other.target().path());
        return new UserErrorException(
                example.file(),
                "Two places match " + target.application() + " in " + target.environment() + ": "
                        + text(one, sameFolder) + " and " + text(other, sameFolder),
                choice(one, other));
    }

    private String choice(Place one, Place other) {
        Target target = one.target();
        boolean sameFolder = target.path().equals(other.target().path());
        return "Remove one of them, " + apart(one, other) + "or choose one with "
                + example.target(
                        target.application(),
                        target.environment(),
                        target.path(),
                        sameFolder || one.pattern().isOnlyFile() ? target.imageFile() : null);
    }

    /** How to give two locations different names, as part of a list; empty where only a new file could do that. */
    private static String apart(Place one, Place other) {
        LayoutPattern pattern = one.pattern();
        if (pattern.source() == LayoutPattern.Source.BUILT_IN) {
            return "";
        }
        Set<String> unused = new LinkedHashSet<>(pattern.path().placeholders());
        unused.removeAll(pattern.environment().placeholders());
        NameTemplate application = pattern.application();
        if (application != null) {
            unused.removeAll(application.placeholders());
        }
        return unused.isEmpty() || pattern != other.pattern()
                ? "separate them with environment or application in applications, "
                : "separate them with environment: \"" + pattern.environment() + "-{"
                        + unused.iterator().next() + "}\" in applications, ";
    }

    private static String text(Place place, boolean sameFolder) {
        boolean file =
                (sameFolder || place.pattern().isOnlyFile()) && place.target().imageFile() != null;
        return file ? place.target().imageFile() : place.target().path();
    }
}
