/** The changes that this plugin makes in Git, each planned on the newest tip: set an image, promote, roll back. */
package io.jenkins.plugins.gitops.core.change;
