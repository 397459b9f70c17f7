package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one revision of a config repository delivers: its targets, its environments and their policy. Comes from {@code
 * gitops.yaml}, or from the layouts and Argo CD Applications that are found without it; then there is no policy, and environments
 * are what is found. The tree is looked at when a question needs it, so the answers cost what they have to: one target a few folders, all targets
 * one walk. Safe for use by several threads as long as the tree is.
 */
public final class Delivery {
    /** Where the policy stands. */
    public static final String FILE = "gitops.yaml";
    /** Targets of a repository that are listed; a target beyond them can be asked for by its name. */
    static final int MAX_TARGETS = 50_000;

    /** What {@link #isIncomplete} means, in one line. */
    public static final String INCOMPLETE = String.format(
            Locale.ROOT,
            "Not all targets are listed: there are more than %,d targets, %,d folders or %,d manifests of Applications. The"
                    + " others can still be changed by name; name the folders of applications more exactly in %s",
            MAX_TARGETS,
            Discovery.MAX_FOLDERS,
            ArgoApplications.MAX_FILES,
            FILE);

    private final List<LayoutPattern> patterns;
    private final List<Environment> declared;
    private final Discovery discovery;
    /** Null when {@code gitops.yaml} says where applications stand. */
    @CheckForNull
    private final ArgoApplications manifests;

    private final FileClaims claims;
    private final boolean hasFile;
    /** In environments that are not named. */
    private final ImagePolicy image;

    private final Map<String, SourceLocation> places;
    /** By environment. */
    private final Map<String, AgentPolicy> agents = new HashMap<>();

    private List<Target> targets;
    private boolean incomplete;

    private Delivery(FileTree tree, DeliveryFile file, boolean hasFile) {
        this.patterns = file.patterns();
        this.declared = file.environments() == null ? null : List.copyOf(file.environments());
        this.hasFile = hasFile;
        this.image = file.image();
        this.places = file.places();
        for (Environment environment : declared == null ? List.<Environment>of() : declared) {
            if (environment.agent() != null) {
                agents.put(environment.name(), environment.agent());
            }
        }
        Set<String> names = declared == null
                ? null
                : declared.stream().map(Environment::name).collect(Collectors.toUnmodifiableSet());
        this.discovery = new Discovery(tree, names);
        this.manifests = file.hasUsualLayouts() ? new ArgoApplications(tree, names) : null;
        this.claims = new FileClaims(patterns, discovery, manifests, file.sharedFiles());
    }

    /**
     * Reads {@code gitops.yaml}; nothing else is looked at yet.
     *
     * @throws RefusedException when the file holds anything unknown, of the wrong type, contradictory or not supported
     * @throws IOException when the tree cannot be read
     */
    public static Delivery load(FileTree tree) throws RefusedException, IOException {
        Located located = Located.find(tree, FILE);
        DeliveryFile file = located == null
                ? DeliveryFile.none()
                : located.made(DeliveryFile.class, () -> DeliveryFile.parse(FILE, located.content()));
        return new Delivery(tree, file, located != null);
    }

    /**
     * In promotion order. Walks the tree once when {@code gitops.yaml} does not name them.
     *
     * @throws IOException when the tree cannot be read
     */
    public List<Environment> environments() throws IOException {
        if (declared != null) {
            return declared;
        }
        Set<String> names = new TreeSet<>(UsualEnvironments::compare);
        targets().forEach(target -> names.add(target.environment()));
        return names.stream().map(name -> new Environment(name, null, null)).toList();
    }

    /**
     * The environment of this name.
     *
     * @throws RefusedException when there is none; lists the known ones
     * @throws IOException when the tree cannot be read
     */
    public Environment environment(String name) throws RefusedException, IOException {
        requireName(name, "environment");
        if (declared == null) {
            // Found with the first application that has it, so a known name needs no walk over all.
            for (LayoutPattern pattern : patterns) {
                if (discovery.visit(pattern, name, found -> true)) {
                    return new Environment(name, null, null);
                }
            }
            if (manifests != null && manifests.hasEnvironment(name)) {
                return new Environment(name, null, null);
            }
            throw unknown(UnknownNameException.Kind.ENVIRONMENT, name, names(environments()));
        }
        for (Environment environment : declared) {
            if (environment.name().equals(name)) {
                return environment;
            }
        }
        throw unknown(UnknownNameException.Kind.ENVIRONMENT, name, names(declared));
    }

    /**
     * Checks what {@code requireReason} asks for.
     *
     * @param reason why something is to be changed; null when nobody said
     * @throws RefusedException when the environment requires a reason and there is none, or the environment is not known
     * @throws IOException when the tree cannot be read
     */
    public void checkReason(String environment, @CheckForNull String reason) throws RefusedException, IOException {
        if (environment(environment).requireReason() && (reason == null || reason.isBlank())) {
            throw new RefusedException(
                    places.get(EnvironmentPolicy.place(environment, EnvironmentPolicy.REQUIRE_REASON)),
                    "Environment " + environment + " requires a reason for each change",
                    "Say why with reason");
        }
    }

    /**
     * Checks which branches may deliver.
     *
     * @param source what the build that asks was made of
     * @throws RefusedException when builds of that source may not deliver to the environment, or the environment is not known
     * @throws IOException when the tree cannot be read
     */
    public void checkSource(String environment, BuildSource source) throws RefusedException, IOException {
        BranchPolicy policy = environment(environment).branches();
        Optional<String> refusal = policy.refusal(source);
        if (refusal.isPresent()) {
            throw new RefusedException(
                    places.get(EnvironmentPolicy.place(
                            environment,
                            source.isChangeRequest() ? EnvironmentPolicy.CHANGE_REQUESTS : EnvironmentPolicy.BRANCHES)),
                    environment + " cannot be changed by this build: " + refusal.get(),
                    source.isChangeRequest()
                            ? "Merge it, and let the build of the branch deliver"
                            : "Deliver from one of these branches");
        }
    }

    /** Whether the images of a change have to be seen running in an environment before it counts as live. */
    public ImagePolicy imagePolicy(String environment) {
        for (Environment one : declared == null ? List.<Environment>of() : declared) {
            if (one.name().equals(environment)) {
                return one.image();
            }
        }
        return image;
    }

    /** Where {@code gitops.yaml} says which agent deploys an environment; null when it does not. */
    @CheckForNull
    public SourceLocation agentPlace(String environment) {
        return agents.containsKey(environment)
                ? places.get(EnvironmentPolicy.place(environment, EnvironmentPolicy.AGENT))
                : null;
    }

    /** Where {@code gitops.yaml} says how an environment is rolled back; null when it does not. */
    @CheckForNull
    public SourceLocation rollbackPlace(String environment) {
        return places.get(EnvironmentPolicy.place(environment, EnvironmentPolicy.ROLLBACK));
    }

    /**
     * All targets, by application and then in the order of environments. Where two patterns lead to the same target, the
     * first one's is given here, and {@link #target} refuses it.
     *
     * @throws IOException when the tree cannot be read
     */
    public synchronized List<Target> targets() throws IOException {
        if (targets == null) {
            Map<String, Target> found = new LinkedHashMap<>();
            for (LayoutPattern pattern : patterns) {
                discovery.visit(pattern, null, target -> {
                    found.putIfAbsent(target.id(), deployed(target));
                    return found.size() > MAX_TARGETS;
                });
            }
            for (Target target : manifests == null ? List.<Target>of() : manifests.all()) {
                if (found.size() <= MAX_TARGETS) {
                    found.putIfAbsent(target.id(), deployed(target));
                }
            }
            incomplete = found.size() > MAX_TARGETS || discovery.isCut() || manifests != null && manifests.isCut();
            List<Target> sorted = new ArrayList<>(found.values());
            sorted.sort(Comparator.comparing(Target::application).thenComparing(Target::environment, order()));
            targets = List.copyOf(sorted);
        }
        return targets;
    }

    /**
     * Whether {@link #targets} leaves some out.
     *
     * @throws IOException when the tree cannot be read
     */
    public synchronized boolean isIncomplete() throws IOException {
        targets();
        return incomplete;
    }

    /**
     * One target, found without a walk over the others. Where the layouts do not lead to it, the files in the folders of
     * {@link ArgoApplications} are listed, and the one called like the target is read; all of them only when none is.
     *
     * @throws RefusedException when the application or environment is not known (lists the known ones), the application has
     *     no folder for the environment, or two folders could be meant
     * @throws IOException when the tree cannot be read
     */
    public Target target(String app, String env) throws RefusedException, IOException {
        requireName(app, "application");
        requireName(env, "environment");
        if (declared != null) {
            environment(env);
        }
        List<Target> found = new ArrayList<>();
        RefusedException unreadable = null;
        for (LayoutPattern pattern : patterns) {
            try {
                discovery.find(pattern, app, env).ifPresent(found::add);
            } catch (RefusedException e) {
                unreadable = e;
            }
        }
        if (found.size() > 1) {
            throw new RefusedException(
                    place(),
                    "Two folders are " + app + " in " + env + ": " + place(found, 0) + " and " + place(found, 1),
                    "Remove one of them, or the pattern that leads there");
        }
        if (found.isEmpty() && manifests != null) {
            manifests.find(app, env).ifPresent(found::add);
        }
        if (found.isEmpty()) {
            throw unreadable == null ? missing(app, env) : unreadable;
        }
        return deployed(found.get(0));
    }

    /**
     * The targets that a change of a file changes: those in whose folder it lies or whose image file it is, and those of Argo
     * CD Applications whose manifest or value file it is. Empty when it is no target's.
     *
     * @param file path from the repository's root
     * @throws RefusedException when there are too many Applications to tell
     * @throws IOException when the tree cannot be read
     */
    public List<Target> claims(String file) throws IOException, RefusedException {
        return claims.of(file);
    }

    /**
     * All targets that change with the files of one target: itself first, then the others that {@link #claims} finds. What
     * keeps a change from one of them has to keep it from the files.
     *
     * @throws RefusedException when a file is that of another environment too, and {@code sharedFiles} does not list it
     * @throws IOException when the tree cannot be read
     */
    public List<Target> changedWith(Target target, Collection<String> files) throws RefusedException, IOException {
        return claims.changedWith(target, files);
    }

    /** With the agent that its environment names. */
    private Target deployed(Target target) {
        AgentPolicy agent = agents.get(target.environment());
        return agent == null
                ? target
                : target.withDeployedBy(agent.deploys(target.application(), target.environment()));
    }

    /** The folder; the image file where both have the same folder. */
    private static String place(List<Target> two, int at) {
        boolean same = two.get(0).path().equals(two.get(1).path());
        return same ? two.get(at).imageFile() : two.get(at).path();
    }

    private RefusedException missing(String app, String env) throws IOException, RefusedException {
        environment(env);
        List<Target> all = targets();
        Set<String> elsewhere = new LinkedHashSet<>();
        for (Target target : all) {
            if (target.application().equals(app)) {
                elsewhere.add(target.environment());
            }
        }
        if (elsewhere.isEmpty()) {
            return unknown(
                    UnknownNameException.Kind.APPLICATION,
                    app,
                    all.stream().map(Target::application).distinct().toList());
        }
        String paths = patterns.stream()
                .filter(pattern -> pattern.mayHold(app))
                .map(pattern -> pattern.place(app, env))
                .collect(Collectors.joining(" or "));
        return new UnknownNameException(
                place(),
                UnknownNameException.Kind.ENVIRONMENT,
                app + " has no folder for environment " + env + ", which would be " + paths,
                List.copyOf(elsewhere),
                ", or add the folder",
                "Add the folder");
    }

    private RefusedException unknown(UnknownNameException.Kind kind, String name, List<String> known) {
        String layouts = patterns.stream().map(LayoutPattern::toString).collect(Collectors.joining(", "));
        return new UnknownNameException(
                place(),
                kind,
                "There is no " + kind.name().toLowerCase(Locale.ROOT) + " \"" + name + "\"",
                known,
                "",
                "Lay out folders as " + layouts);
    }

    /**
     * Checks that {@code gitops.yaml} names an environment, for a repository that may not be written without a policy.
     *
     * @throws RefusedException when there is no such file, or it does not name the environment
     * @throws IOException when the tree cannot be read
     */
    public void requirePolicy(String environment) throws RefusedException, IOException {
        if (declared == null) {
            throw new RefusedException(
                    place(),
                    hasFile
                            ? "No environment is named, and this config repository may not be changed without a policy"
                            : "There is no " + FILE + " at the root of the config repository, which may not be changed"
                                    + " without a policy",
                    hasFile
                            ? "Name " + environment + " with its policy under environments"
                            : "Add or restore it on the branch that Jenkins writes, with " + environment
                                    + " under environments");
        }
        environment(environment);
    }

    private static void requireName(String name, String what) throws RefusedException {
        if (name == null || !LayoutPattern.isName(name)) {
            throw new RefusedException(
                    "\"" + name + "\" is no name of an " + what,
                    "Use lower-case letters, digits, '-' and '.', with a letter or digit at both ends");
        }
    }

    @CheckForNull
    private SourceLocation place() {
        return hasFile ? SourceLocation.of(FILE) : null;
    }

    private static List<String> names(List<Environment> environments) {
        return environments.stream().map(Environment::name).toList();
    }

    private Comparator<String> order() {
        if (declared == null) {
            return UsualEnvironments::compare;
        }
        List<String> names = names(declared);
        return Comparator.comparingInt(names::indexOf);
    }
}
