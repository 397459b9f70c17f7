/** Trees, blobs and packs of the config repository: reads, edits in memory, and what a push sends. */
package io.jenkins.plugins.gitops.core.git.objects;
