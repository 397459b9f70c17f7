package io.jenkins.plugins.gitops.core.git.objects;

import org.eclipse.jgit.lib.ObjectReader;

/** Where the objects of a clone are read. */
public interface ObjectSource {
    /** A reader to be closed by the caller. */
    ObjectReader newObjectReader();

    /** An object could not be read: the clone is checked and, where it is corrupt, recreated by its next use. */
    void noteDamage(Throwable e);
}
