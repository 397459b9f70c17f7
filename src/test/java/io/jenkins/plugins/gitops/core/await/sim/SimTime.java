package io.jenkins.plugins.gitops.core.await.sim;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** What happens in a simulated world, in the order of its time. The same seed makes the same world. */
public final class SimTime {
    private static final Instant BEGIN = Instant.parse("2026-01-01T10:00:00Z");

    private final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long now;
    private long order;

    private record Event(long at, long order, Runnable what) {}

    public SimTime(long seed) {
        random = new Random(seed);
    }

    /** Milliseconds since the world began. */
    public long now() {
        return now;
    }

    /** The true time of a moment. */
    public static Instant instant(long at) {
        return BEGIN.plusMillis(at);
    }

    /** The other way round. */
    public static long moment(String instant) {
        return Instant.parse(instant).toEpochMilli() - BEGIN.toEpochMilli();
    }

    /** Something happens between so many and so many milliseconds from now. */
    public void in(int least, int most, Runnable what) {
        at(now + between(least, most), what);
    }

    public void at(long when, Runnable what) {
        events.add(new Event(Math.max(now, when), order++, what));
    }

    public int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** True so many times out of a hundred. */
    public boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** Lets the time go by until a moment. */
    public void runUntil(long end) {
        runUntil(end, () -> false);
    }

    /** Lets the time go by until a moment, or until enough has happened. */
    public void runUntil(long end, BooleanSupplier enough) {
        while (!enough.getAsBoolean() && !events.isEmpty() && events.peek().at() <= end) {
            Event next = events.poll();
            now = next.at();
            next.what().run();
        }
        now = Math.max(now, enough.getAsBoolean() ? now : end);
    }
}
