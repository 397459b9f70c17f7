package io.jenkins.plugins.gitops.core.git.objects;

import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Commits in memory that a push sends.
 *
 * @param head the newest of them
 * @param objects what they consist of and the clone's files lack
 * @param folders ids of the trees that were read or written for them, and that the remote may therefore lack
 * @param trees reads those trees
 */
public record UnpushedCommits(ObjectId head, PendingObjects objects, Set<ObjectId> folders, TreeCache trees) {}
