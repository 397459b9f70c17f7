package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;

/** The intent of a change. It is asked again on each new tip, so that what is written fits what it is written on. */
@FunctionalInterface
public interface ChangePlanner {
    /** @throws RefusedException when the change does not fit there (any more) */
    Plan plan(Tip tip) throws RefusedException, IOException;
}
