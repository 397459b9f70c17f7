package io.jenkins.plugins.gitops.core.git;

/** Who a commit is by. */
public record Author(String name, String email) {}
