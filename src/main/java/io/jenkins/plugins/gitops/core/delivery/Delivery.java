package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The content of one revision of a config repository: its targets, environments and their policy. Read from
 * {@code gitops.yaml}, or from the layouts and Argo CD Applications that are detected without it; then there is no
 * policy, and the environments are those that are detected. The tree is read lazily, so each query costs only what it
 * needs: one target a few folders, all targets one walk. Thread-safe if the tree is.
 */
public final class Delivery {
    /** The file with the policy. */
    public static final String FILE = "gitops.yaml";
    /** Maximum number of listed targets; further ones can still be found by name. */
    static final int MAX_TARGETS = 50_000;

    /** Explains {@link #isIncomplete} in one line. */
    public static final String INCOMPLETE = String.format(
            Locale.ROOT,
            "Not all targets are listed: there are more than %,d targets, %,d folders or %,d manifests of"
                    + " Applications. The others can still be changed by name; name the folders of applications more"
                    + " precisely in %s",
            MAX_TARGETS,
            TargetDiscovery.MAX_FOLDERS,
            ArgoCdApplicationDiscovery.MAX_FILES,
            FILE);

    private final List<Environment> declared;
    private final EnvironmentNames names;
    private final TargetLookup lookup;
    private final UnknownNames unknown;
    private final FileTargets fileTargets;
    private final boolean hasFile;
    /** For environments that are not declared. */
    private final ImagePolicy image;

    private final Map<String, SourceLocation> locations;
    /** By environment. */
    private final Map<String, AgentSelector> agents = new HashMap<>();

    private final DeliveryBranch branch;

    private List<Target> targets;

    private Delivery(FileTree tree, DeliveryFile file, boolean hasFile) throws UserErrorException {
        this.branch = new DeliveryBranch(tree.branch(), file);
        this.declared = file.environments() == null ? null : List.copyOf(file.environments());
        this.hasFile = hasFile;
        this.image = file.image();
        this.locations = file.locations();
        for (Environment environment : declared == null ? List.<Environment>of() : declared) {
            if (environment.agent() != null) {
                agents.put(environment.name(), environment.agent());
            }
        }
        this.names = file.environmentNames();
        PolicyExample example = new PolicyExample(hasFile);
        DeployedFolders deployed = new DeployedFolders(tree, names);
        TargetDiscovery anywhere = new TargetDiscovery(tree, names, example);
        TargetDiscovery discovery = branch.discovery(file.usesDefaultLayouts() ? anywhere.namedBy(deployed) : anywhere);
        List<LayoutPattern> patterns = branch.patterns(file.patterns());
        List<ManifestTargets> manifests = branch.manifests(
                file.usesDefaultLayouts()
                        ? List.of(
                                new ArgoCdApplicationDiscovery(tree, names.areDeclared() ? names.names() : null),
                                new DeployedFolderDiscovery(deployed, discovery, patterns, example))
                        : List.of());
        this.lookup = new TargetLookup(patterns, discovery, manifests, example);
        this.unknown = new UnknownNames(patterns, names, lookup, example);
        this.fileTargets = new FileTargets(patterns, discovery, manifests, file.sharedFiles());
    }

    /**
     * Reads {@code gitops.yaml} only; everything else is read lazily. The targets are those on the {@link FileTree#branch}
     * of the tree, the environments are all.
     *
     * @throws UserErrorException when the file contains anything unknown, of the wrong type, contradictory or not
     *     supported
     * @throws IOException when the tree cannot be read
     */
    public static Delivery load(FileTree tree) throws UserErrorException, IOException {
        LocatedFile locatedFile = LocatedFile.find(tree, FILE);
        DeliveryFile file = locatedFile == null
                ? DeliveryFile.none()
                : locatedFile.parsed(DeliveryFile.class, () -> DeliveryFile.parse(FILE, locatedFile.content()));
        return new Delivery(tree, file, locatedFile != null);
    }

    /**
     * In promotion order. Walks the tree once if {@code gitops.yaml} does not declare them.
     *
     * @throws IOException when the tree cannot be read
     */
    public List<Environment> environments() throws IOException {
        if (declared != null) {
            return declared;
        }
        Set<String> names = new TreeSet<>(WellKnownEnvironments::compare);
        targets().forEach(target -> names.add(target.environment()));
        return names.stream().map(name -> new Environment(name, null, null)).toList();
    }

    /**
     * The environment with this name.
     *
     * @throws UserErrorException when there is none; lists the known ones
     * @throws IOException when the tree cannot be read
     */
    public Environment environment(String name) throws UserErrorException, IOException {
        requireName(name, "environment");
        if (declared == null) {
            // Stops at the first application in the environment, so that an existing name needs no complete walk.
            if (lookup.hasEnvironment(name)) {
                return new Environment(name, null, null);
            }
            throw unknown.environment(name, names(environments()));
        }
        for (Environment environment : declared) {
            if (environment.name().equals(name)) {
                return environment;
            }
        }
        throw unknown.environment(name, names(declared));
    }

    /**
     * Enforces {@code requireReason}.
     *
     * @param reason for the change; null when none was given
     * @throws UserErrorException when the environment requires a reason and there is none, or the environment does not
     *     exist
     * @throws IOException when the tree cannot be read
     */
    public void checkReason(String environment, @CheckForNull String reason) throws UserErrorException, IOException {
        if (environment(environment).requireReason() && (reason == null || reason.isBlank())) {
            throw new UserErrorException(
                    locations.get(EnvironmentPolicyReader.keyPath(environment, EnvironmentPolicyReader.REQUIRE_REASON)),
                    "Environment " + environment + " requires a reason for each change",
                    "Give one with reason");
        }
    }

    /**
     * Enforces the {@link BranchPolicy}.
     *
     * @param source of the build that makes the change
     * @throws UserErrorException when builds of that source may not deliver to the environment, or the environment does
     *     not exist
     * @throws IOException when the tree cannot be read
     */
    public void checkSource(String environment, BuildSource source) throws UserErrorException, IOException {
        BranchPolicy policy = environment(environment).branches();
        Optional<String> refusal = policy.refusal(source);
        if (refusal.isPresent()) {
            throw new UserErrorException(
                    locations.get(EnvironmentPolicyReader.keyPath(
                            environment,
                            source.isChangeRequest()
                                    ? EnvironmentPolicyReader.CHANGE_REQUESTS
                                    : EnvironmentPolicyReader.BRANCHES)),
                    environment + " cannot be changed by this build: " + refusal.get(),
                    source.isChangeRequest()
                            ? "Merge it, and let the build of the branch deliver"
                            : "Deliver from one of these branches");
        }
    }

    /** Whether the images of a change must be seen running in an environment before the change counts as live. */
    public ImagePolicy imagePolicy(String environment) {
        for (Environment one : declared == null ? List.<Environment>of() : declared) {
            if (one.name().equals(environment)) {
                return one.image();
            }
        }
        return image;
    }

    /** The location of {@code agent} of an environment in {@code gitops.yaml}; null when there is none. */
    @CheckForNull
    public SourceLocation agentLocation(String environment) {
        return agents.containsKey(environment)
                ? locations.get(EnvironmentPolicyReader.keyPath(environment, EnvironmentPolicyReader.AGENT))
                : null;
    }

    /** The location of {@code rollback} of an environment in {@code gitops.yaml}; null when there is none. */
    @CheckForNull
    public SourceLocation rollbackLocation(String environment) {
        return locations.get(EnvironmentPolicyReader.keyPath(environment, EnvironmentPolicyReader.ROLLBACK));
    }

    /**
     * All targets, by application and then in the order of environments. If two locations match the same target and
     * their precedence is ambiguous, the first one is listed here, and {@link #target} rejects it.
     *
     * @throws IOException when the tree cannot be read
     */
    public synchronized List<Target> targets() throws IOException {
        if (targets == null) {
            List<Target> sorted = new ArrayList<>();
            lookup.all().forEach(target -> sorted.add(withAgent(target)));
            sorted.sort(Comparator.comparing(Target::application).thenComparing(Target::environment, order()));
            targets = List.copyOf(sorted);
        }
        return targets;
    }

    /**
     * Whether {@link #targets} is incomplete.
     *
     * @throws IOException when the tree cannot be read
     */
    public boolean isIncomplete() throws IOException {
        return lookup.isIncomplete();
    }

    /**
     * The paths that look like targets but are not, with the reason, in the order of patterns and of the tree; the
     * first 1,000. Walks all folders that the patterns can match.
     *
     * @throws IOException when the tree cannot be read
     */
    public List<SkippedPath> skipped() throws IOException {
        return lookup.skipped();
    }

    /** Whether there is a {@code gitops.yaml}. */
    public boolean hasFile() {
        return hasFile;
    }

    /** Whether a pattern of the file matches a target. */
    boolean isMatched(LayoutPattern pattern) throws IOException {
        LayoutPattern here = branch.here(pattern);
        return here != null && lookup.isMatched(here);
    }

    /** The branch that a target is on; null for the one that {@code gitops.yaml} is read from. */
    @CheckForNull
    public String branchOf(String app, String env) {
        return branch.of(app, env);
    }

    /** The branches that targets are on, other than the one that {@code gitops.yaml} is read from. */
    public Set<String> branches() {
        return branch.others();
    }

    /** Where {@code gitops.yaml} names a branch first; null when it does not. */
    @CheckForNull
    public SourceLocation branchLocation(String name) {
        return branch.location(name);
    }

    /** Path of the manifest that leads to one of {@link #targets}; empty when a pattern does. */
    Optional<String> manifestOf(Target target) throws IOException {
        return lookup.manifestOf(target);
    }

    /** The pattern that matches one of {@link #targets}; empty for a target found by a manifest. */
    Optional<LayoutPattern> patternOf(Target target) throws IOException {
        return lookup.patternOf(target);
    }

    /**
     * Finds one target without walking the others. If no layout matches, lists the files in the folders of
     * {@link ArgoCdApplicationDiscovery}, and reads the one named after the target; reads all of them only if there is
     * none.
     *
     * @throws UserErrorException when the application or environment does not exist (lists the known ones), the
     *     application has no folder for the environment, or it is ambiguous
     * @throws IOException when the tree cannot be read
     */
    public Target target(String app, String env) throws UserErrorException, IOException {
        requireName(app, "application");
        requireName(env, "environment");
        if (declared != null) {
            environment(env);
        }
        branch.require(app, env);
        Optional<Target> found = lookup.find(app, env);
        if (found.isEmpty()) {
            throw noSuchTarget(app, env);
        }
        return withAgent(found.get());
    }

    /**
     * The targets that depend on a file: those whose folder contains it or whose image file it is, and those of Argo CD
     * Applications whose manifest or value file it is. Empty if there are none.
     *
     * @param file path from the repository's root
     * @throws UserErrorException when there are too many Applications to determine them
     * @throws IOException when the tree cannot be read
     */
    public List<Target> fileTargets(String file) throws IOException, UserErrorException {
        return fileTargets.of(file);
    }

    /**
     * All targets that depend on the files of one target: the target itself first, then the others that
     * {@link #fileTargets} finds. A rule that forbids changing one of them must forbid changing the files.
     *
     * @throws UserErrorException when another environment depends on a file, too, and {@code sharedFiles} does not list
     *     it
     * @throws IOException when the tree cannot be read
     */
    public List<Target> changedWith(Target target, Collection<String> files) throws UserErrorException, IOException {
        return fileTargets.changedWith(target, files);
    }

    /** A copy with its branch and the agent of its environment. */
    private Target withAgent(Target target) {
        AgentSelector agent = agents.get(target.environment());
        Target known = branch.known(target);
        if (agent == null) {
            return known;
        }
        String env = target.environment();
        return known.withAgent(agent.deploys(target.application(), env, names.folderOf(env)));
    }

    private UserErrorException noSuchTarget(String app, String env) throws IOException, UserErrorException {
        environment(env);
        return unknown.target(app, env, targets());
    }

    /**
     * Checks that {@code gitops.yaml} declares an environment, for a repository that requires a policy.
     *
     * @throws UserErrorException when there is no such file, or it does not declare the environment
     * @throws IOException when the tree cannot be read
     */
    public void requirePolicy(String environment) throws UserErrorException, IOException {
        if (declared == null) {
            throw new UserErrorException(
                    location(),
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

    private static void requireName(String name, String what) throws UserErrorException {
        if (name == null || !LayoutPattern.isName(name)) {
            throw new UserErrorException("\"" + name + "\" is not a valid " + what + " name", LayoutPattern.NAME_RULE);
        }
    }

    @CheckForNull
    private SourceLocation location() {
        return hasFile ? SourceLocation.of(FILE) : null;
    }

    private static List<String> names(List<Environment> environments) {
        return environments.stream().map(Environment::name).toList();
    }

    private Comparator<String> order() {
        if (declared == null) {
            return WellKnownEnvironments::compare;
        }
        List<String> names = names(declared);
        return Comparator.comparingInt(names::indexOf);
    }
}
