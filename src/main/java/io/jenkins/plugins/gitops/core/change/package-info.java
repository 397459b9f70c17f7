/**
 * The changes that this plugin makes in Git, each planned on the newest tip: set an image, promote, roll back, hold,
 * release.
 */
package io.jenkins.plugins.gitops.core.change;
