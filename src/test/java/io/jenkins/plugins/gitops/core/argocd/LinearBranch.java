package io.jenkins.plugins.gitops.core.argocd;

import io.jenkins.plugins.gitops.core.await.GitFacts;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.List;

/** A branch without merges: its commits, oldest first, and which of them contain the awaited value. */
final class LinearBranch implements GitFacts {
    private final List<String> commits;
    private final String expected;
    private final List<String> holding;

    private LinearBranch(List<String> commits, String expected, List<String> holding) {
        this.commits = commits;
        this.expected = expected;
        this.holding = holding;
    }

    /** Creates a branch on which all commits from the expected one on contain its value. */
    static LinearBranch awaiting(String expected, String... commits) {
        List<String> all = List.of(commits);
        return new LinearBranch(all, expected, all.subList(all.indexOf(expected), all.size()));
    }

    @Override
    public String branch() {
        return "main";
    }

    @Override
    public List<ImageReference> images() {
        return List.of();
    }

    @Override
    public String tip() {
        return commits.get(commits.size() - 1);
    }

    @Override
    public boolean contains(String revision) {
        return commits.contains(revision);
    }

    @Override
    public boolean isAtOrAfterChange(String revision) {
        return commits.indexOf(revision) >= commits.indexOf(expected);
    }

    @Override
    public boolean hasExpectedImages(String revision) {
        return holding.contains(revision);
    }

    @Override
    public SupersedingChange supersedingChange() {
        return null;
    }
}
