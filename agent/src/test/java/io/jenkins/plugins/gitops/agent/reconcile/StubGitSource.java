package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import java.util.List;
import java.util.Optional;

/** A repository that fails on every call, except those that a subclass overrides. */
class StubGitSource implements GitSource {
    @Override
    public String fetch() {
        throw new AssertionError("unexpected fetch");
    }

    @Override
    public String branch() {
        throw new AssertionError("unexpected question for the branch");
    }

    @Override
    public FileTree files(String revision) {
        throw new AssertionError("unexpected read of the files of " + revision);
    }

    @Override
    public Optional<List<String>> revisionsSince(String since, String tip, int most) {
        throw new AssertionError("unexpected walk from " + tip + " to " + since);
    }

    @Override
    public String root(String revision) {
        throw new AssertionError("unexpected walk from " + revision);
    }

    @Override
    public boolean isAncestor(String ancestor, String descendant) {
        throw new AssertionError("unexpected comparison of " + ancestor + " and " + descendant);
    }

    @Override
    public void close() {
        // Nothing to close.
    }
}
