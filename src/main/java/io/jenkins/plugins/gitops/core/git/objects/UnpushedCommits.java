package io.jenkins.plugins.gitops.core.git.objects;

import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Commits in memory that a push sends.
 *
 * @param head the newest of them
 * @param objects their objects that are not in the clone's files
 * @param folders ids of the trees that were read or written for them, which the remote may therefore not have
 * @param trees reads those trees
 */
public record UnpushedCommits(ObjectId head, PendingObjects objects, Set<ObjectId> folders, TreeCache trees) {}
