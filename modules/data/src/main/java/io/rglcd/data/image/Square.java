package io.rglcd.data.image;

/**
 * A square of a picture.
 *
 * @param top first row
 * @param left first column
 * @param side in pixels
 * @param flip whether left and right are exchanged
 */
public record Square(int top, int left, int side, boolean flip) {}
