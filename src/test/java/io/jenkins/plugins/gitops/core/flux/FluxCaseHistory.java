package io.jenkins.plugins.gitops.core.flux;

import io.jenkins.plugins.gitops.core.await.GitFacts;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A recorded branch up to one time, as a constantly fetched clone sees it. */
final class FluxCaseHistory implements GitFacts {
    /**
     * A recorded commit.
     *
     * @param onlyOn the only other branch that contains it; null for a commit of the configured branch
     */
    record RecordedCommit(
            String revision, List<String> parents, String subject, String image, boolean touches, String onlyOn) {}

    /** Commits by revision, newest first. */
    private final Map<String, RecordedCommit> commits = new LinkedHashMap<>();

    private final Map<String, Set<String>> ancestors = new HashMap<>();
    private final String awaited;
    private final String image;

    FluxCaseHistory(List<RecordedCommit> newestFirst, String awaited, String image) {
        newestFirst.forEach(c -> commits.put(c.revision(), c));
        this.awaited = awaited;
        this.image = image;
    }

    /** Returns the same history if only the configured branch is fetched. */
    FluxCaseHistory withoutOtherBranches() {
        return new FluxCaseHistory(
                commits.values().stream().filter(c -> c.onlyOn() == null).toList(), awaited, image);
    }

    @Override
    public String branch() {
        return "main";
    }

    @Override
    public List<ImageReference> images() {
        try {
            return List.of(ImageReference.parse(image));
        } catch (UserErrorException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public String tip() {
        return commits.values().stream()
                .filter(c -> c.onlyOn() == null)
                .findFirst()
                .orElseThrow()
                .revision();
    }

    @Override
    public boolean contains(String revision) {
        return commits.containsKey(revision);
    }

    @Override
    public boolean isAtOrAfterChange(String revision) {
        return ancestors(revision).contains(awaited);
    }

    @Override
    public boolean hasExpectedImages(String revision) {
        RecordedCommit commit = commits.get(revision);
        return commit != null && commit.image().equals(image);
    }

    /** Returns the target's image at a known revision. */
    String image(String revision) {
        return commits.get(revision).image();
    }

    @Override
    public boolean isUnchanged(String from, String to) {
        Set<String> since = new HashSet<>(ancestors(to));
        since.removeAll(ancestors(from));
        since.add(from);
        since.add(to);
        return since.stream().allMatch(this::hasExpectedImages);
    }

    @Override
    public boolean isNewest(String revision) {
        Set<String> since = new HashSet<>(ancestors(tip()));
        since.removeAll(ancestors(revision));
        return since.stream().noneMatch(r -> commits.get(r).touches());
    }

    @Override
    public boolean isOffBranch(String revision) {
        return contains(revision) && !ancestors(tip()).contains(revision);
    }

    @Override
    public SupersedingChange supersedingChange() {
        RecordedCommit first = null;
        for (RecordedCommit commit : commits.values()) {
            if (commit.revision().equals(awaited)) {
                break;
            }
            if (commit.onlyOn() == null && !commit.image().equals(image)) {
                first = commit;
            }
        }
        return first == null ? null : new SupersedingChange(first.revision(), first.subject(), false);
    }

    private Set<String> ancestors(String revision) {
        Set<String> known = ancestors.get(revision);
        if (known == null) {
            known = new HashSet<>();
            RecordedCommit commit = commits.get(revision);
            if (commit != null) {
                known.add(revision);
                for (String parent : commit.parents()) {
                    known.addAll(ancestors(parent));
                }
            }
            ancestors.put(revision, known);
        }
        return known;
    }
}
