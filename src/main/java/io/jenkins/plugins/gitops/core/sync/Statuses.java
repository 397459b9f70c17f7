package io.jenkins.plugins.gitops.core.sync;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.DeployedBy;
import io.jenkins.plugins.gitops.core.model.RepositoryKey;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one agent said last of its applications, so that each is found at once by the target that it is about. Immutable. */
public final class Statuses {
    private final AgentKind kind;
    private final String agent;
    private final List<ApplicationStatus> all;
    private final Map<AgentKind, List<String>> observed;
    private final Map<Place, List<ApplicationStatus>> places = new HashMap<>();

    /** A folder or an object of the agent's, in a repository. */
    private record Place(String repository, StatusKey key) {}

    public Statuses(AgentKind kind, String agent, List<ApplicationStatus> all) {
        this(kind, agent, all, Map.of());
    }

    /**
     * @param observed under which names what the agent only observes may be meant, by kind: a target names an Argo CD server
     *     or a Flux as Jenkins' configuration does, which the observer does not know
     */
    public Statuses(AgentKind kind, String agent, List<ApplicationStatus> all, Map<AgentKind, List<String>> observed) {
        this.kind = kind;
        this.agent = agent;
        this.observed = Map.copyOf(observed);
        this.all = List.copyOf(all);
        Map<String, String> keys = new HashMap<>();
        for (ApplicationStatus status : this.all) {
            String repository = keys.computeIfAbsent(status.repository(), RepositoryKey::of);
            for (StatusKey key : keysOf(status)) {
                places.computeIfAbsent(new Place(repository, key), p -> new ArrayList<>(1))
                        .add(status);
            }
        }
    }

    public List<ApplicationStatus> all() {
        return all;
    }

    private List<StatusKey> keysOf(ApplicationStatus status) {
        List<StatusKey> keys = new ArrayList<>(2);
        keys.add(StatusKey.ofPath(status.path()));
        keys.add(StatusKey.ofObject(kind, agent, status.name()));
        if (status.isObserved()) {
            AgentKind deployer = status.deployer();
            observed.getOrDefault(deployer, List.of())
                    .forEach(name -> keys.add(StatusKey.ofObject(deployer, name, status.name())));
        }
        return keys;
    }

    /** Whether it may be about a target at all: an observer speaks for what deploys it, whatever Jenkins calls that. */
    private boolean mayBeAbout(Target target) {
        return target.isDeployedBy(kind, agent) || isOfObserved(target);
    }

    private boolean isOfObserved(Target target) {
        DeployedBy by = target.deployedBy();
        return by != null && kind == AgentKind.AGENT && by.kind() != AgentKind.AGENT;
    }

    /** Two clusters may have an object of one name: the one that deploys the target's folder is meant, if there is one. */
    private static List<ApplicationStatus> meant(List<ApplicationStatus> there, Target target, DeployedBy by) {
        List<ApplicationStatus> ofKind =
                there.stream().filter(s -> s.deployer() == by.kind()).toList();
        String path = by.path();
        String folder = StatusKey.folder(path == null ? target.path() : path);
        List<ApplicationStatus> atFolder = ofKind.stream()
                .filter(s -> StatusKey.folder(s.path()).equals(folder))
                .toList();
        return atFolder.isEmpty() ? ofKind : atFolder;
    }

    /**
     * What is about a target.
     *
     * @param repositories all names of its repository, as {@link RepositoryKey#of} writes its URLs
     */
    public List<ApplicationStatus> about(Set<String> repositories, Target target) {
        if (!mayBeAbout(target)) {
            return List.of();
        }
        StatusKey key = StatusKey.of(target);
        List<ApplicationStatus> there = repositories.stream()
                .flatMap(repository -> places.getOrDefault(new Place(repository, key), List.of()).stream())
                .toList();
        DeployedBy by = target.deployedBy();
        if (isOfObserved(target)) {
            return meant(there, target, by);
        }
        return by != null && by.object() != null
                ? there
                : there.stream().filter(s -> target.isReportedAs(s.name())).toList();
    }

    /** What would be about a target if it were of the target's repository. */
    public List<ApplicationStatus> ofAnyRepository(Target target) {
        if (!mayBeAbout(target)) {
            return List.of();
        }
        StatusKey key = StatusKey.of(target);
        return all.stream().filter(status -> keysOf(status).contains(key)).toList();
    }

    /** All that it speaks of, by repository. */
    public Map<String, Set<StatusKey>> keys() {
        Map<String, Set<StatusKey>> found = new HashMap<>();
        places.keySet().forEach(p -> found.computeIfAbsent(p.repository(), r -> new HashSet<>())
                .add(p.key()));
        return found;
    }

    /** What is new since then, by repository; also what is gone. */
    public Map<String, Set<StatusKey>> since(Statuses before) {
        Map<String, Set<StatusKey>> found = new HashMap<>();
        if (isAboutTheSameAs(before)) {
            // As with nearly every report: each application is compared once, and no place is looked up.
            for (int i = 0; i < all.size(); i++) {
                if (!same(all.get(i), before.all.get(i))) {
                    String repository = RepositoryKey.of(all.get(i).repository());
                    keysOf(all.get(i)).forEach(key -> add(found, new Place(repository, key)));
                }
            }
            return found;
        }
        places.forEach((place, statuses) -> {
            if (!same(statuses, before.places.getOrDefault(place, List.of()))) {
                add(found, place);
            }
        });
        before.places.keySet().stream().filter(p -> !places.containsKey(p)).forEach(p -> add(found, p));
        return found;
    }

    /** Whether it names the same applications of the same folders in the same order. */
    public boolean isAboutTheSameAs(Statuses other) {
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

    private static void add(Map<String, Set<StatusKey>> found, Place place) {
        found.computeIfAbsent(place.repository(), r -> new HashSet<>()).add(place.key());
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
        return one.equals(other) || one.timeless().equals(other.timeless());
    }
}
