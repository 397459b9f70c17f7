package io.jenkins.plugins.gitops.core.report;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.RepositoryKey;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The last reported statuses of one agent's applications, indexed by what a target is looked up by. Immutable. */
public final class StatusIndex {
    private final AgentKind kind;
    private final String agent;
    private final List<ApplicationStatus> all;
    private final Map<AgentKind, List<String>> observed;
    private final Map<StatusLocation, List<ApplicationStatus>> byLocation = new HashMap<>();

    /** A folder or an agent's object, in a repository. */
    private record StatusLocation(String repository, StatusTopic key) {}

    public StatusIndex(AgentKind kind, String agent, List<ApplicationStatus> all) {
        this(kind, agent, all, Map.of());
    }

    /**
     * @param observed the possible names of the observed agents, by kind: a target uses the name of an Argo CD server
     *     or a Flux from Jenkins' configuration, which the observer does not have
     */
    public StatusIndex(
            AgentKind kind, String agent, List<ApplicationStatus> all, Map<AgentKind, List<String>> observed) {
        this.kind = kind;
        this.agent = agent;
        this.observed = Map.copyOf(observed);
        this.all = List.copyOf(all);
        Map<String, String> keys = new HashMap<>();
        for (ApplicationStatus status : this.all) {
            String repository = keys.computeIfAbsent(status.repository(), RepositoryKey::of);
            for (StatusTopic key : keysOf(status)) {
                byLocation
                        .computeIfAbsent(new StatusLocation(repository, key), p -> new ArrayList<>(1))
                        .add(status);
            }
        }
    }

    public List<ApplicationStatus> all() {
        return all;
    }

    private List<StatusTopic> keysOf(ApplicationStatus status) {
        List<StatusTopic> keys = new ArrayList<>(2);
        keys.add(StatusTopic.ofPath(status.path()));
        keys.add(StatusTopic.ofObject(kind, agent, status.name()));
        if (status.isObserved()) {
            AgentKind deployer = status.deployer();
            observed.getOrDefault(deployer, List.of())
                    .forEach(name -> keys.add(StatusTopic.ofObject(deployer, name, status.name())));
        }
        return keys;
    }

    /**
     * Whether the agent may report the target at all. An observer may report the targets of any Argo CD or Flux,
     * whatever its name in Jenkins.
     */
    private boolean mayBeAbout(Target target) {
        return target.isDeployedBy(kind, agent) || isOfObserved(target);
    }

    private boolean isOfObserved(Target target) {
        AgentReference by = target.agent();
        return by != null && kind == AgentKind.AGENT && by.kind() != AgentKind.AGENT;
    }

    /** Two clusters may have an object of the same name; prefers the one that deploys the target's folder. */
    private static List<ApplicationStatus> disambiguated(
            List<ApplicationStatus> there, Target target, AgentReference by) {
        List<ApplicationStatus> ofKind =
                there.stream().filter(s -> s.deployer() == by.kind()).toList();
        String path = by.path();
        String folder = StatusTopic.folder(path == null ? target.path() : path);
        List<ApplicationStatus> atFolder = ofKind.stream()
                .filter(s -> StatusTopic.folder(s.path()).equals(folder))
                .toList();
        return atFolder.isEmpty() ? ofKind : atFolder;
    }

    /**
     * The statuses that concern a target.
     *
     * @param repositories all names of its repository, in the format of {@link RepositoryKey#of}
     */
    public List<ApplicationStatus> ofTarget(Set<String> repositories, Target target) {
        if (!mayBeAbout(target)) {
            return List.of();
        }
        StatusTopic key = StatusTopic.of(target);
        List<ApplicationStatus> there = repositories.stream()
                .flatMap(repository -> byLocation.getOrDefault(new StatusLocation(repository, key), List.of()).stream())
                .filter(status -> FollowedBranch.mayBeOf(target, status))
                .toList();
        AgentReference by = target.agent();
        if (isOfObserved(target)) {
            return disambiguated(there, target, by);
        }
        return by != null && by.object() != null
                ? there
                : there.stream().filter(s -> target.isReportedUnder(s.name())).toList();
    }

    /** The statuses that would concern a target if they were from the target's repository. */
    public List<ApplicationStatus> ofAnyRepository(Target target) {
        if (!mayBeAbout(target)) {
            return List.of();
        }
        StatusTopic key = StatusTopic.of(target);
        return all.stream().filter(status -> keysOf(status).contains(key)).toList();
    }

    /** All topics of the statuses, by repository. */
    public Map<String, Set<StatusTopic>> keys() {
        Map<String, Set<StatusTopic>> found = new HashMap<>();
        byLocation.keySet().forEach(p -> found.computeIfAbsent(p.repository(), r -> new HashSet<>())
                .add(p.key()));
        return found;
    }

    /** The topics that were added, changed or removed since, by repository. */
    public Map<String, Set<StatusTopic>> changedSince(StatusIndex before) {
        Map<String, Set<StatusTopic>> found = new HashMap<>();
        if (hasSameTopics(before)) {
            // The usual case of nearly every report: compares each application once, without lookups.
            for (int i = 0; i < all.size(); i++) {
                if (!same(all.get(i), before.all.get(i))) {
                    String repository = RepositoryKey.of(all.get(i).repository());
                    keysOf(all.get(i)).forEach(key -> add(found, new StatusLocation(repository, key)));
                }
            }
            return found;
        }
        byLocation.forEach((statusLocation, statuses) -> {
            if (!same(statuses, before.byLocation.getOrDefault(statusLocation, List.of()))) {
                add(found, statusLocation);
            }
        });
        before.byLocation.keySet().stream()
                .filter(p -> !byLocation.containsKey(p))
                .forEach(p -> add(found, p));
        return found;
    }

    /** Whether both have the same applications with the same folders, in the same order. */
    public boolean hasSameTopics(StatusIndex other) {
        if (all.size() != other.all.size()) {
            return false;
        }
        for (int i = 0; i < all.size(); i++) {
            ApplicationStatus one = all.get(i);
            ApplicationStatus two = other.all.get(i);
            if (!one.name().equals(two.name())
                    || !one.path().equals(two.path())
                    || !one.repository().equals(two.repository())) {
                return false;
            }
        }
        return true;
    }

    private static void add(Map<String, Set<StatusTopic>> found, StatusLocation statusLocation) {
        found.computeIfAbsent(statusLocation.repository(), r -> new HashSet<>()).add(statusLocation.key());
    }

    private static boolean same(List<ApplicationStatus> some, List<ApplicationStatus> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!same(some.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(ApplicationStatus one, ApplicationStatus other) {
        return one.equals(other) || one.withoutTimestamps().equals(other.withoutTimestamps());
    }
}
